package io.vitrine.handler;

import io.vitrine.protocol.Answer;
import io.vitrine.protocol.Request;
import io.vitrine.protocol.RequestHandler;
import io.vitrine.protocol.Subject;
import io.vitrine.protocol.VersionRange;
import io.vitrine.transaction.InitWish;
import io.vitrine.transaction.Producer;
import io.vitrine.transaction.TransactionCalls;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.InitProducerIdResponseData;
import org.apache.kafka.common.protocol.ApiKeys;

/// Gives a producer an id of its own, which Kafka's Java client asks for unless told otherwise; with a transactional
/// id, the one that goes with it, in an epoch that fences whoever used it before.
public final class InitProducerIdHandler implements RequestHandler<InitProducerIdRequestData> {
    private static final int FIRST_VERSION_WITH_FENCED = 4;
    private static final long NO_ID = -1;
    private static final short NO_EPOCH = -1;

    private final TransactionCalls transactions;

    public InitProducerIdHandler(TransactionCalls transactions) {
        this.transactions = transactions;
    }

    @Override
    public ApiKeys apiKey() {
        return ApiKeys.INIT_PRODUCER_ID;
    }

    @Override
    public VersionRange versions() {
        return VersionRange.of(0, 5);
    }

    @Override
    public CompletionStage<Answer> handle(Request<InitProducerIdRequestData> request) {
        var message = request.message();
        var id = message.transactionalId();
        return init(message).handle((producer, thrown) -> {
            var answer = new InitProducerIdResponseData();
            if (thrown != null) {
                var subject = id == null ? Subject.whole() : Subject.transactionalId(id);
                var error = TransactionAnswers.refuse(request, subject, thrown, FIRST_VERSION_WITH_FENCED);
                return new Answer.Message(
                        answer.setErrorCode(error.code()).setProducerId(NO_ID).setProducerEpoch(NO_EPOCH));
            }
            return new Answer.Message(answer.setProducerId(producer.id()).setProducerEpoch(producer.epoch()));
        });
    }

    private CompletableFuture<Producer> init(InitProducerIdRequestData message) {
        boolean hasId = message.producerId() != NO_ID;
        if (hasId != (message.producerEpoch() != NO_EPOCH)) {
            return CompletableFuture.failedFuture(
                    new InvalidRequestException("expected producer id and epoch together or neither, found %d and %d"
                            .formatted(message.producerId(), message.producerEpoch())));
        }
        var id = message.transactionalId();
        if (id == null) {
            return transactions.initIdempotent();
        }
        var expected = hasId ? new Producer(message.producerId(), message.producerEpoch()) : null;
        return transactions.init(new InitWish(id, message.transactionTimeoutMs(), expected));
    }
}
