package io.vitrine.partition;

import io.vitrine.log.PartitionLog;
import io.vitrine.log.ProducerVerdict;
import io.vitrine.record.EndMarker;
import io.vitrine.record.RecordBatch;
import io.vitrine.record.Refusal;
import io.vitrine.record.Refusal.Reason;
import org.jspecify.annotations.Nullable;

/// What a batch gets instead of being appended, for what its producer has written before, or for the transaction it
/// is of. Asked under the append lock, right before the append.
@FunctionalInterface
interface ProducerJudgement {

    /// Null if nothing speaks against the batch.
    @Nullable
    AppendOutcome of(PartitionLog target, RecordBatch batch);

    /// That of batches with records. Kafka's order: a retry is known again, an old epoch is fenced, then the
    /// transaction is asked for, then the sequence.
    ///
    /// @param ticket with which a transaction may begin here
    static ProducerJudgement ofRecords(TransactionTickets tickets, @Nullable TransactionTicket ticket) {
        return (target, batch) -> {
            var verdict = target.producers().check(batch);
            if (target.producers().isFirstOfTransaction(batch)
                    && !(verdict instanceof ProducerVerdict.Duplicate)
                    && !(verdict instanceof ProducerVerdict.OldEpoch)) {
                if (ticket == null || !tickets.isValid(batch.producerId(), ticket)) {
                    return noneOpen(batch);
                }
                var refusal = checkFirst(target, batch, ticket);
                if (refusal != null) {
                    return refusal;
                }
            }
            return outcome(target, verdict);
        };
    }

    /// That of what a coordinator of this broker writes on behalf of a producer. It numbers nothing, so that no
    /// batch of it is a retry, and none is missing before it.
    static ProducerJudgement ofCoordinator(TransactionTickets tickets, @Nullable TransactionTicket ticket) {
        return (target, batch) -> {
            boolean isAdmitted = ticket != null && tickets.isValid(batch.producerId(), ticket);
            return switch (target.producers().check(batch)) {
                case ProducerVerdict.InSequence _, ProducerVerdict.Duplicate _, ProducerVerdict.Gap _ ->
                    target.producers().isFirstOfTransaction(batch) && !isAdmitted ? noneOpen(batch) : null;
                case ProducerVerdict.OldEpoch old -> outcome(target, old);
                case ProducerVerdict.OutsideTransaction outside -> outcome(target, outside);
                case ProducerVerdict.OldCoordinator old -> outcome(target, old);
            };
        };
    }

    private static AppendOutcome noneOpen(RecordBatch batch) {
        return refused(
                Reason.NOT_IN_TRANSACTION,
                "a batch of an open transaction",
                "one of producer %d, which has none open here".formatted(batch.producerId()));
    }

    /// That of the marker which ends a transaction.
    static ProducerJudgement ofMarker(EndMarker marker, short transactionVersion) {
        return (target, batch) -> outcome(target, target.producers().checkMarker(batch, marker, transactionVersion));
    }

    /// The first batch of a transaction: if another was asked for before it, that one has to come first.
    private static @Nullable AppendOutcome checkFirst(
            PartitionLog target, RecordBatch batch, TransactionTicket ticket) {
        int sequence = batch.baseSequence();
        boolean unknown = !target.producers().hasBatches(batch.producerId());
        int expected = ticket.bumpsEpochs() && unknown ? 0 : ticket.lowestSequence();
        return sequence > expected
                ? refused(
                        Reason.OUT_OF_ORDER_SEQUENCE,
                        "sequence %d of producer %d first".formatted(expected, batch.producerId()),
                        String.valueOf(sequence))
                : null;
    }

    private static @Nullable AppendOutcome outcome(PartitionLog target, ProducerVerdict verdict) {
        return switch (verdict) {
            case ProducerVerdict.InSequence() -> null;
            case ProducerVerdict.Duplicate(long baseOffset, long maxTimestamp) ->
                new AppendOutcome.Duplicate(baseOffset, maxTimestamp, target.logStartOffset());
            case ProducerVerdict.Gap(long producerId, int expected, int found) ->
                refused(
                        Reason.OUT_OF_ORDER_SEQUENCE,
                        "sequence %d of producer %d".formatted(expected, producerId),
                        String.valueOf(found));
            case ProducerVerdict.OldEpoch(long producerId, short current, short found) ->
                refused(
                        Reason.OLD_PRODUCER_EPOCH,
                        "epoch %d of producer %d".formatted(current, producerId),
                        String.valueOf(found));
            case ProducerVerdict.OutsideTransaction(long producerId, long firstOffset) ->
                refused(
                        Reason.NOT_IN_TRANSACTION,
                        "a batch of the transaction of producer %d that began at offset %d"
                                .formatted(producerId, firstOffset),
                        "one outside transactions");
            case ProducerVerdict.OldCoordinator(long producerId, int current, int found) ->
                refused(
                        Reason.OLD_COORDINATOR_EPOCH,
                        "coordinator epoch %d or newer for producer %d".formatted(current, producerId),
                        String.valueOf(found));
        };
    }

    private static AppendOutcome refused(Reason reason, String expected, String found) {
        return new AppendOutcome.Refused(Refusal.ofBatch(reason, expected, found));
    }
}
