package io.vitrine.transaction;

import io.vitrine.partition.TransactionGate;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.protocol.Errors;

/// Asks the coordinator, for those who write records of a transaction, whether the transaction includes a partition.
public final class CoordinatorGate implements TransactionGate {
    private final TransactionCalls transactions;

    public CoordinatorGate(TransactionCalls transactions) {
        this.transactions = transactions;
    }

    @Override
    public CompletionStage<Admission> admit(Question question) {
        var producer = new Producer(question.producerId(), question.producerEpoch());
        return (question.add() ? add(question, producer) : verify(question, producer))
                .exceptionally(CoordinatorGate::refused);
    }

    private CompletableFuture<Admission> add(Question question, Producer producer) {
        return transactions
                .add(question.transactionalId(), producer, List.of(question.partition()), true)
                .thenApply(_ -> new Admission.Admitted());
    }

    private CompletableFuture<Admission> verify(Question question, Producer producer) {
        return transactions
                .verify(question.transactionalId(), producer, List.of(question.partition()))
                .thenApply(found -> found.contains(question.partition())
                        ? new Admission.Admitted()
                        : new Admission.Refused(
                                Reason.TRANSACTION_ABORTABLE,
                                "the transaction of '%s' does not include %s"
                                        .formatted(question.transactionalId(), question.partition())));
    }

    private static Admission refused(Throwable thrown) {
        var cause = Causes.of(thrown);
        return new Admission.Refused(reason(Errors.forException(cause)), String.valueOf(cause.getMessage()));
    }

    private static Reason reason(Errors error) {
        return switch (error) {
            case INVALID_TXN_STATE -> Reason.INVALID_TXN_STATE;
            case CONCURRENT_TRANSACTIONS -> Reason.CONCURRENT_TRANSACTIONS;
            case NOT_COORDINATOR -> Reason.NOT_COORDINATOR;
            case COORDINATOR_LOAD_IN_PROGRESS -> Reason.COORDINATOR_LOAD_IN_PROGRESS;
            case COORDINATOR_NOT_AVAILABLE, REQUEST_TIMED_OUT, KAFKA_STORAGE_ERROR -> Reason.COORDINATOR_NOT_AVAILABLE;
            case PRODUCER_FENCED -> Reason.PRODUCER_FENCED;
            case INVALID_PRODUCER_EPOCH -> Reason.INVALID_PRODUCER_EPOCH;
            case INVALID_REQUEST -> Reason.INVALID_REQUEST;
            case UNSUPPORTED_VERSION -> Reason.UNSUPPORTED_VERSION;
            case INVALID_PRODUCER_ID_MAPPING -> Reason.INVALID_PRODUCER_ID_MAPPING;
            default -> Reason.UNKNOWN_SERVER_ERROR;
        };
    }
}
