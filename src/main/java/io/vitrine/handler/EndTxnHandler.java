package io.vitrine.handler;

import io.vitrine.protocol.Answer;
import io.vitrine.protocol.Request;
import io.vitrine.protocol.RequestHandler;
import io.vitrine.protocol.Subject;
import io.vitrine.protocol.VersionRange;
import io.vitrine.transaction.EndWish;
import io.vitrine.transaction.TransactionCalls;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.EndTxnRequestData;
import org.apache.kafka.common.message.EndTxnResponseData;
import org.apache.kafka.common.protocol.ApiKeys;

/// Commits or aborts a transaction. It is answered when it is on disk how the transaction ends; that is written to its
/// partitions then, whatever happens to this broker.
public final class EndTxnHandler implements RequestHandler<EndTxnRequestData> {
    private static final int FIRST_VERSION_WITH_FENCED = 2;
    private static final int FIRST_VERSION_WITH_RISING_EPOCHS = 5;

    private final TransactionCalls transactions;

    public EndTxnHandler(TransactionCalls transactions) {
        this.transactions = transactions;
    }

    @Override
    public ApiKeys apiKey() {
        return ApiKeys.END_TXN;
    }

    @Override
    public VersionRange versions() {
        return VersionRange.of(0, 5);
    }

    @Override
    public CompletionStage<Answer> handle(Request<EndTxnRequestData> request) {
        var message = request.message();
        boolean epochRises = request.version() >= FIRST_VERSION_WITH_RISING_EPOCHS;
        var wish = EndWish.of(
                message.transactionalId(),
                message.producerId(),
                message.producerEpoch(),
                message.committed(),
                epochRises);
        return transactions.end(wish).handle((producer, thrown) -> {
            var answer = new EndTxnResponseData();
            if (thrown != null) {
                var error = TransactionAnswers.refuse(
                        request, Subject.transactionalId(message.transactionalId()), thrown, FIRST_VERSION_WITH_FENCED);
                return new Answer.Message(answer.setErrorCode(error.code()));
            }
            return new Answer.Message(
                    epochRises ? answer.setProducerId(producer.id()).setProducerEpoch(producer.epoch()) : answer);
        });
    }
}
