package io.vitrine.transaction;

import java.util.Optional;
import java.util.OptionalLong;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.coordinator.transaction.TransactionMetadata;
import org.jspecify.annotations.Nullable;

/// What InitProducerId makes of a transactional id: its epoch rises, so that whoever used it before is fenced. A
/// transaction that is open is aborted first, and whoever asks comes again.
///
/// @param newId a producer id that nobody has, where one was needed
record InitTransition(InitWish wish, OptionalLong newId, long nowMs) {

    /// Decides; not for a transaction that is open.
    Transition of(@Nullable TransactionEntry known) {
        if (known == null) {
            return newId.isEmpty()
                    ? new Transition.NeedsProducerId()
                    : raiseEpoch(
                            TransactionEntry.fresh(wish.transactionalId(), newId.getAsLong(), wish.timeoutMs(), nowMs));
        }
        var refused = refuse(known);
        if (refused != null) {
            return refused;
        }
        var expected = wish.expected();
        if (known.isEpochExhausted() && (expected == null || expected.epoch() == known.producerEpoch())) {
            return newId.isEmpty() ? new Transition.NeedsProducerId() : rotate(known, newId.getAsLong());
        }
        return raiseEpoch(known);
    }

    /// Why it can't be; null if it can.
    Transition.@Nullable Refused refuse(TransactionEntry known) {
        var expected = wish.expected();
        if (expected != null && !isOwn(expected, known)) {
            return new Transition.Refused(
                    Errors.PRODUCER_FENCED,
                    "producer %d is not %d, which has the transactional id now"
                            .formatted(expected.id(), known.producerId()));
        }
        if (known.isPrepared()) {
            return new Transition.Refused(
                    Errors.CONCURRENT_TRANSACTIONS, "the transaction before is still being written to its partitions");
        }
        return null;
    }

    /// The id may have been rotated by an attempt whose answer was lost.
    private static boolean isOwn(Producer expected, TransactionEntry known) {
        return known.producerEpoch() == TransactionEntry.NO_EPOCH
                || expected.id() == known.producerId()
                || (expected.id() == known.previousProducerId()
                        && TransactionMetadata.isEpochExhausted(expected.epoch()));
    }

    private Transition rotate(TransactionEntry known, long producerId) {
        return new Transition.To(known.toKafka()
                .prepareProducerIdRotation(producerId, wish.timeoutMs(), nowMs, wish.expected() != null));
    }

    private Transition raiseEpoch(TransactionEntry known) {
        var expected = Optional.ofNullable(wish.expected()).map(Producer::epoch);
        try {
            return new Transition.To(known.toKafka().prepareIncrementProducerEpoch(wish.timeoutMs(), expected, nowMs));
        } catch (ProducerFencedException e) {
            return new Transition.Refused(
                    Errors.PRODUCER_FENCED,
                    "epoch %s is neither the present one, %d, nor the one before"
                            .formatted(expected.orElseThrow(), known.producerEpoch()));
        }
    }
}
