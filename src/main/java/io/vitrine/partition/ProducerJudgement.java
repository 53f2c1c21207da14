package io.vitrine.partition;

import io.vitrine.log.PartitionLog;
import io.vitrine.log.ProducerVerdict;
import io.vitrine.record.RecordBatch;
import io.vitrine.record.Refusal;
import org.jspecify.annotations.Nullable;

/// What a batch gets instead of being appended, for what its producer has written before.
final class ProducerJudgement {
    private ProducerJudgement() {}

    /// Null if nothing speaks against the batch.
    static @Nullable AppendOutcome of(PartitionLog target, RecordBatch batch) {
        return switch (target.checkProducer(batch)) {
            case ProducerVerdict.InSequence() -> null;
            case ProducerVerdict.Duplicate(long baseOffset, long maxTimestamp) ->
                new AppendOutcome.Duplicate(baseOffset, maxTimestamp, target.logStartOffset());
            case ProducerVerdict.Gap(long producerId, int expected, int found) ->
                new AppendOutcome.Refused(Refusal.ofBatch(
                        Refusal.Reason.OUT_OF_ORDER_SEQUENCE,
                        "sequence %d of producer %d".formatted(expected, producerId),
                        String.valueOf(found)));
            case ProducerVerdict.OldEpoch(long producerId, short current, short found) ->
                new AppendOutcome.Refused(Refusal.ofBatch(
                        Refusal.Reason.OLD_PRODUCER_EPOCH,
                        "epoch %d of producer %d".formatted(current, producerId),
                        String.valueOf(found)));
        };
    }
}
