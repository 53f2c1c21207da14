package io.vitrine.coordinator;

import io.vitrine.partition.AppendOutcome;
import java.util.Optional;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.InvalidTxnStateException;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TransactionCoordinatorFencedException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/// Why the end of a transaction could not be written, in the words of those who write such: Kafka's exceptions.
public final class MarkerFailure {
    private MarkerFailure() {}

    /// Empty if it was written.
    public static Optional<ApiException> of(AppendOutcome outcome) {
        return switch (outcome) {
            case AppendOutcome.Appended _ -> Optional.empty();
            case AppendOutcome.StorageFailed(String reason) -> Optional.of(new KafkaStorageException(reason));
            case AppendOutcome.Deleted() -> Optional.of(new UnknownTopicOrPartitionException("it was deleted"));
            case AppendOutcome.Refused refused -> Optional.of(of(refused));
            case AppendOutcome.Duplicate duplicate ->
                throw new IllegalStateException("A marker was there already: " + duplicate);
        };
    }

    /// Why a batch of a coordinator's was refused, which only those of transactions are: its producer, or
    /// the coordinator that decided, is not the latest one.
    static ApiException of(AppendOutcome.Refused refused) {
        var refusal = refused.refusal();
        return switch (refusal.reason()) {
            case OLD_COORDINATOR_EPOCH -> new TransactionCoordinatorFencedException(refusal.message());
            case OLD_PRODUCER_EPOCH -> new InvalidProducerEpochException(refusal.message());
            case NOT_IN_TRANSACTION -> new InvalidTxnStateException(refusal.message());
            case TOO_LARGE -> new RecordTooLargeException(refusal.message());
            default -> throw new IllegalStateException("A batch of a coordinator's was refused: " + refused);
        };
    }
}
