package io.vitrine.handler;

import io.vitrine.protocol.Answer;
import io.vitrine.protocol.Request;
import io.vitrine.protocol.RequestHandler;
import io.vitrine.protocol.Subject;
import io.vitrine.protocol.VersionRange;
import io.vitrine.transaction.TransactionCalls;
import io.vitrine.transaction.TransactionDescription;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.DescribeTransactionsRequestData;
import org.apache.kafka.common.message.DescribeTransactionsResponseData;
import org.apache.kafka.common.message.DescribeTransactionsResponseData.TopicData;
import org.apache.kafka.common.message.DescribeTransactionsResponseData.TransactionState;
import org.apache.kafka.common.protocol.ApiKeys;

/// Tells where transactional ids stand. Each answers for itself, and once, however often a request names it: what is
/// told may be a thousand times as long as a name.
public final class DescribeTransactionsHandler implements RequestHandler<DescribeTransactionsRequestData> {
    private final TransactionCalls transactions;

    public DescribeTransactionsHandler(TransactionCalls transactions) {
        this.transactions = transactions;
    }

    @Override
    public ApiKeys apiKey() {
        return ApiKeys.DESCRIBE_TRANSACTIONS;
    }

    @Override
    public VersionRange versions() {
        return VersionRange.of(0, 0);
    }

    @Override
    public CompletionStage<Answer> handle(Request<DescribeTransactionsRequestData> request) {
        var answers = request.message().transactionalIds().stream()
                .distinct()
                .map(id -> answer(request, id))
                .toList();
        return CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new))
                .thenApply(_ -> new Answer.Message(new DescribeTransactionsResponseData()
                        .setTransactionStates(
                                answers.stream().map(CompletableFuture::join).toList())));
    }

    private CompletableFuture<TransactionState> answer(Request<?> request, String id) {
        return transactions
                .describe(id)
                .handle((found, thrown) -> thrown == null
                        ? toState(found)
                        : new TransactionState()
                                .setTransactionalId(id)
                                .setErrorCode(TransactionAnswers.refuse(request, Subject.transactionalId(id), thrown)
                                        .code()));
    }

    private static TransactionState toState(TransactionDescription found) {
        var state = new TransactionState()
                .setTransactionalId(found.transactionalId())
                .setProducerId(found.producerId())
                .setProducerEpoch(found.producerEpoch())
                .setTransactionState(found.state())
                .setTransactionTimeoutMs(found.timeoutMs())
                .setTransactionStartTimeMs(found.startMs());
        for (var partition : found.partitions()) {
            var topic = state.topics().find(partition.topic());
            if (topic == null) {
                topic = new TopicData().setTopic(partition.topic()).setPartitions(new ArrayList<>());
                state.topics().add(topic);
            }
            topic.partitions().add(partition.partition());
        }
        return state;
    }
}
