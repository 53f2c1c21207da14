package io.vitrine.handler;

import io.vitrine.coordinator.CoordinatorTopic;
import io.vitrine.metadata.MetadataService;
import io.vitrine.metadata.Topic;
import io.vitrine.metadata.TopicPartition;
import io.vitrine.protocol.Answer;
import io.vitrine.protocol.Request;
import io.vitrine.protocol.RequestHandler;
import io.vitrine.protocol.Subject;
import io.vitrine.protocol.VersionRange;
import io.vitrine.transaction.Producer;
import io.vitrine.transaction.TransactionCalls;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData.AddPartitionsToTxnTopicCollection;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData.AddPartitionsToTxnTransaction;
import org.apache.kafka.common.message.AddPartitionsToTxnResponseData;
import org.apache.kafka.common.message.AddPartitionsToTxnResponseData.AddPartitionsToTxnPartitionResult;
import org.apache.kafka.common.message.AddPartitionsToTxnResponseData.AddPartitionsToTxnPartitionResultCollection;
import org.apache.kafka.common.message.AddPartitionsToTxnResponseData.AddPartitionsToTxnResult;
import org.apache.kafka.common.message.AddPartitionsToTxnResponseData.AddPartitionsToTxnResultCollection;
import org.apache.kafka.common.message.AddPartitionsToTxnResponseData.AddPartitionsToTxnTopicResult;
import org.apache.kafka.common.message.AddPartitionsToTxnResponseData.AddPartitionsToTxnTopicResultCollection;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/// Adds partitions to transactions, all of a transaction or none, or tells which belong to one. Clients name one
/// transaction; brokers, from version 4 on, several.
public final class AddPartitionsToTxnHandler implements RequestHandler<AddPartitionsToTxnRequestData> {
    private static final int FIRST_VERSION_WITH_FENCED = 2;
    private static final int FIRST_VERSION_OF_BROKERS = 4;

    private final TransactionCalls transactions;
    private final MetadataService metadata;

    public AddPartitionsToTxnHandler(TransactionCalls transactions, MetadataService metadata) {
        this.transactions = transactions;
        this.metadata = metadata;
    }

    @Override
    public ApiKeys apiKey() {
        return ApiKeys.ADD_PARTITIONS_TO_TXN;
    }

    @Override
    public VersionRange versions() {
        return VersionRange.of(0, 5);
    }

    @Override
    public CompletionStage<Answer> handle(Request<AddPartitionsToTxnRequestData> request) {
        var message = request.message();
        if (request.version() < FIRST_VERSION_OF_BROKERS) {
            var only = new AddPartitionsToTxnTransaction()
                    .setTransactionalId(message.v3AndBelowTransactionalId())
                    .setProducerId(message.v3AndBelowProducerId())
                    .setProducerEpoch(message.v3AndBelowProducerEpoch())
                    .setTopics(message.v3AndBelowTopics());
            return answer(request, only)
                    .thenApply(topics -> new Answer.Message(
                            new AddPartitionsToTxnResponseData().setResultsByTopicV3AndBelow(topics)));
        }
        var answers = new ArrayList<CompletableFuture<AddPartitionsToTxnResult>>();
        for (var transaction : message.transactions()) {
            answers.add(answer(request, transaction)
                    .thenApply(topics -> new AddPartitionsToTxnResult()
                            .setTransactionalId(transaction.transactionalId())
                            .setTopicResults(topics)));
        }
        return CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new))
                .thenApply(_ -> {
                    var results = new AddPartitionsToTxnResultCollection(answers.size());
                    answers.forEach(answer -> results.add(answer.join()));
                    return new Answer.Message(new AddPartitionsToTxnResponseData().setResultsByTransaction(results));
                });
    }

    private CompletableFuture<AddPartitionsToTxnTopicResultCollection> answer(
            Request<?> request, AddPartitionsToTxnTransaction transaction) {
        var topics = transaction.topics();
        if (!all(topics, (topic, partition) -> fault(request.version(), topic, partition) == Errors.NONE)) {
            request.noteRefusal(
                    Subject.transactionalId(transaction.transactionalId()),
                    Errors.OPERATION_NOT_ATTEMPTED,
                    "PARTITION_REFUSED",
                    "one of the partitions does not exist, or is the broker's own, and so none is added");
            return CompletableFuture.completedFuture(results(topics, (topic, partition) -> {
                var fault = fault(request.version(), topic, partition);
                if (fault == Errors.NONE) {
                    return Errors.OPERATION_NOT_ATTEMPTED;
                }
                var detail = fault == Errors.UNKNOWN_TOPIC_OR_PARTITION
                        ? "there is no such partition"
                        : "clients may not write to this internal topic";
                request.noteRefusal(Subject.partition(topic, partition), fault, fault.name(), detail);
                return fault;
            }));
        }
        var producer = new Producer(transaction.producerId(), transaction.producerEpoch());
        return transaction.verifyOnly() ? verify(request, transaction, producer) : add(request, transaction, producer);
    }

    private CompletableFuture<AddPartitionsToTxnTopicResultCollection> add(
            Request<?> request, AddPartitionsToTxnTransaction transaction, Producer producer) {
        boolean implicitly = request.version() >= FIRST_VERSION_OF_BROKERS;
        return transactions
                .add(transaction.transactionalId(), producer, partitions(transaction.topics()), implicitly)
                .handle((_, thrown) -> {
                    var error = thrown == null ? Errors.NONE : refuse(request, transaction, thrown);
                    return results(transaction.topics(), (_, _) -> error);
                });
    }

    private CompletableFuture<AddPartitionsToTxnTopicResultCollection> verify(
            Request<?> request, AddPartitionsToTxnTransaction transaction, Producer producer) {
        return transactions
                .verify(transaction.transactionalId(), producer, partitions(transaction.topics()))
                .handle((found, thrown) -> {
                    if (thrown != null) {
                        var error = refuse(request, transaction, thrown);
                        return results(transaction.topics(), (_, _) -> error);
                    }
                    return results(transaction.topics(), (topic, partition) -> isIn(request, found, topic, partition));
                });
    }

    private static Errors isIn(Request<?> request, Set<TopicPartition> found, String topic, int partition) {
        if (found.contains(new TopicPartition(topic, partition))) {
            return Errors.NONE;
        }
        var error = Errors.TRANSACTION_ABORTABLE;
        request.noteRefusal(
                Subject.partition(topic, partition), error, error.name(), "the partition is not in the transaction");
        return error;
    }

    private static Errors refuse(Request<?> request, AddPartitionsToTxnTransaction transaction, Throwable thrown) {
        var subject = Subject.transactionalId(transaction.transactionalId());
        return TransactionAnswers.refuse(request, subject, thrown, FIRST_VERSION_WITH_FENCED);
    }

    /// What speaks against a partition by itself. Only a broker, on behalf of a group's coordinator, adds one of the
    /// broker's own topics: that of the groups' offsets.
    private Errors fault(int version, String topic, int partition) {
        boolean maybeOffsets = version >= FIRST_VERSION_OF_BROKERS && CoordinatorTopic.OF_GROUPS.equals(topic);
        if (Topic.isInternal(topic) && !maybeOffsets) {
            return Errors.TOPIC_AUTHORIZATION_FAILED;
        }
        return exists(topic, partition) ? Errors.NONE : Errors.UNKNOWN_TOPIC_OR_PARTITION;
    }

    private boolean exists(String topic, int partition) {
        return metadata.image()
                .findTopic(topic)
                .flatMap(found -> found.findPartition(partition))
                .isPresent();
    }

    private static boolean all(
            AddPartitionsToTxnTopicCollection topics, BiFunction<String, Integer, Boolean> condition) {
        return topics.stream()
                .allMatch(topic ->
                        topic.partitions().stream().allMatch(partition -> condition.apply(topic.name(), partition)));
    }

    private static Set<TopicPartition> partitions(AddPartitionsToTxnTopicCollection topics) {
        var partitions = new LinkedHashSet<TopicPartition>();
        for (var topic : topics) {
            topic.partitions().forEach(index -> partitions.add(new TopicPartition(topic.name(), index)));
        }
        return partitions;
    }

    private static AddPartitionsToTxnTopicResultCollection results(
            AddPartitionsToTxnTopicCollection topics, BiFunction<String, Integer, Errors> errorOf) {
        var results = new AddPartitionsToTxnTopicResultCollection(topics.size());
        for (var topic : topics) {
            var partitions = new AddPartitionsToTxnPartitionResultCollection(
                    topic.partitions().size());
            for (int index : List.copyOf(new LinkedHashSet<>(topic.partitions()))) {
                partitions.add(new AddPartitionsToTxnPartitionResult()
                        .setPartitionIndex(index)
                        .setPartitionErrorCode(
                                errorOf.apply(topic.name(), index).code()));
            }
            results.add(
                    new AddPartitionsToTxnTopicResult().setName(topic.name()).setResultsByPartition(partitions));
        }
        return results;
    }
}
