package io.vitrine.handler;

import io.vitrine.handler.TopicLookup.Found;
import io.vitrine.metadata.MetadataService;
import io.vitrine.metadata.Topic;
import io.vitrine.partition.Durability;
import io.vitrine.partition.Partition;
import io.vitrine.partition.PartitionLogService;
import io.vitrine.partition.TransactionGate;
import io.vitrine.protocol.Answer;
import io.vitrine.protocol.ProduceCounters;
import io.vitrine.protocol.Request;
import io.vitrine.protocol.RequestHandler;
import io.vitrine.protocol.Subject;
import io.vitrine.protocol.VersionRange;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.message.ProduceResponseData.PartitionProduceResponse;
import org.apache.kafka.common.message.ProduceResponseData.TopicProduceResponse;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.jspecify.annotations.Nullable;

/// Appends the batches of a Produce request to the partitions they name. Every partition answers for itself: one that
/// can't take its batch never fails its neighbours.
public final class ProduceHandler implements RequestHandler<ProduceRequestData> {
    private static final short ACKS_ALL = -1;
    private static final short ACKS_NONE = 0;
    private static final short ACKS_LEADER = 1;
    private static final short FIRST_VERSION_WITH_ZSTD = 7;
    private static final short FIRST_VERSION_THAT_ADDS_PARTITIONS = 12;
    private static final short FIRST_VERSION_WITH_IDS = 13;

    private final TopicLookup topics;
    private final PartitionLogService partitions;
    private final ProduceCounters counters;
    private final TransactionalAppends transactional;

    /// A partition as a request names it: by the topic's name, or in newer versions by its id.
    private record Named(String topic, Uuid id, int partition) {}

    /// @param gate is asked about batches of transactions
    public ProduceHandler(
            MetadataService metadata, PartitionLogService partitions, ProduceCounters counters, TransactionGate gate) {
        this.topics = new TopicLookup(metadata, partitions);
        this.partitions = partitions;
        this.counters = counters;
        this.transactional = new TransactionalAppends(gate);
    }

    @Override
    public ApiKeys apiKey() {
        return ApiKeys.PRODUCE;
    }

    @Override
    public VersionRange versions() {
        return VersionRange.of(0, 13);
    }

    @Override
    public short lowestServedVersion() {
        return 3;
    }

    @Override
    public CompletionStage<Answer> handle(Request<ProduceRequestData> request) {
        counters.count(request.message().acks());
        var response = new ProduceResponseData();
        var pending = new ArrayList<CompletableFuture<Void>>();
        var seen = new HashSet<Named>();
        var misuse = TransactionalBatches.find(request.message());
        for (var topic : request.message().topicData()) {
            var topicResponse = new TopicProduceResponse().setName(topic.name()).setTopicId(topic.topicId());
            response.responses().add(topicResponse);
            for (var data : topic.partitionData()) {
                var partitionResponse = new PartitionProduceResponse().setIndex(data.index());
                topicResponse.partitionResponses().add(partitionResponse);
                // One batch for each partition is what a client sends; more would only multiply the work of checking.
                pending.add(
                        seen.add(new Named(topic.name(), topic.topicId(), data.index()))
                                ? misuse == null
                                        ? append(request, topic, data, partitionResponse)
                                        : refuse(
                                                request,
                                                partitionResponse,
                                                subjectOf(topic, data.index()),
                                                misuse.error(),
                                                misuse.detail())
                                : refuse(
                                        request,
                                        partitionResponse,
                                        subjectOf(topic, data.index()),
                                        Errors.INVALID_REQUEST,
                                        "the request names this partition twice"));
            }
        }
        return allOf(pending)
                .thenApply(_ -> ProduceAnswers.answer(request.message().acks(), response));
    }

    private CompletableFuture<Void> append(
            Request<ProduceRequestData> request,
            TopicProduceData topic,
            PartitionProduceData data,
            PartitionProduceResponse response) {
        short acks = request.message().acks();
        return switch (find(request.version(), topic, data.index())) {
            case Found.Missing(Errors error, String detail) ->
                refuse(request, response, subjectOf(topic, data.index()), error, detail);
            case Found.Hosted(Partition partition)
            when Topic.isInternal(partition.name().topic()) ->
                refuse(
                        request,
                        response,
                        subjectOf(topic, data.index()),
                        Errors.INVALID_TOPIC_EXCEPTION,
                        "clients may not write to this internal topic");
            case Found.Hosted(Partition _)
            when acks != ACKS_ALL && acks != ACKS_NONE && acks != ACKS_LEADER ->
                refuse(
                        request,
                        response,
                        subjectOf(topic, data.index()),
                        Errors.INVALID_REQUIRED_ACKS,
                        "acks is " + acks);
            case Found.Hosted(Partition partition) -> append(request, partition, bytesOf(data), response);
        };
    }

    private CompletableFuture<Void> append(
            Request<ProduceRequestData> request,
            Partition partition,
            @Nullable ByteBuffer records,
            PartitionProduceResponse response) {
        var durability = durability(request.message().acks());
        boolean zstdAllowed = request.version() >= FIRST_VERSION_WITH_ZSTD;
        if (records == null || !TransactionalBatches.isInTransaction(records)) {
            return partition
                    .append(records, durability, zstdAllowed)
                    .thenAccept(outcome -> ProduceAnswers.fill(request, response, partition, outcome));
        }
        var wish = new TransactionalAppends.Wish(
                request.message().transactionalId(),
                records,
                durability,
                zstdAllowed,
                request.version() >= FIRST_VERSION_THAT_ADDS_PARTITIONS);
        return transactional.append(partition, wish).thenCompose(result -> switch (result) {
            case TransactionalAppends.Result.Begun(var outcome) ->
                outcome.thenAccept(ended -> ProduceAnswers.fill(request, response, partition, ended));
            case TransactionalAppends.Result.Refused(var why) -> {
                ProduceAnswers.refuse(request, response, partition, why);
                yield CompletableFuture.completedFuture(null);
            }
        });
    }

    private Found find(short version, TopicProduceData topic, int partition) {
        return version >= FIRST_VERSION_WITH_IDS
                ? topics.find(topic.topicId(), partition)
                : topics.find(topic.name(), partition);
    }

    private Durability durability(short acks) {
        return acks == ACKS_ALL ? partitions.durabilityOfAcksAll() : Durability.PAGE_CACHE;
    }

    private static CompletableFuture<Void> refuse(
            Request<ProduceRequestData> request,
            PartitionProduceResponse response,
            Subject subject,
            Errors error,
            String detail) {
        ProduceAnswers.fail(response, error, detail);
        request.noteRefusal(subject, error, error.name(), detail);
        return CompletableFuture.completedFuture(null);
    }

    private static @Nullable ByteBuffer bytesOf(PartitionProduceData data) {
        return data.records() instanceof MemoryRecords records
                ? records.buffer().slice()
                : null;
    }

    private static Subject subjectOf(TopicProduceData topic, int partition) {
        return Subject.partition(topic.name().isEmpty() ? topic.topicId().toString() : topic.name(), partition);
    }

    private static CompletableFuture<Void> allOf(List<CompletableFuture<Void>> pending) {
        return pending.size() == 1
                ? pending.getFirst()
                : CompletableFuture.allOf(pending.toArray(CompletableFuture[]::new));
    }
}
