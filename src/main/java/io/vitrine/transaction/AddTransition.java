package io.vitrine.transaction;

import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.server.common.TransactionVersion;
import org.jspecify.annotations.Nullable;

/// What it takes for partitions to belong to a producer's transaction; the first begins it.
record AddTransition(long producerId, short producerEpoch, Set<TopicPartition> partitions) {

    /// Adds them.
    Transition of(@Nullable TransactionEntry known, TransactionVersion version, long nowMs) {
        var refused = refuse(known);
        if (known == null || refused != null) {
            return refused == null ? unknown() : refused;
        }
        if (known.isOngoing() && known.partitions().containsAll(partitions)) {
            return new Transition.Already();
        }
        return new Transition.To(known.toKafka().prepareAddPartitions(partitions, nowMs, version));
    }

    /// Why none of them can belong to it; null if they can.
    Transition.@Nullable Refused refuse(@Nullable TransactionEntry known) {
        if (known == null) {
            return unknown();
        }
        if (known.isPrepared() && known.nextProducerId() == producerId) {
            // The producer knows its new id already, which holds when the transaction before is complete.
            return notYet();
        }
        if (known.producerId() != producerId) {
            return new Transition.Refused(
                    Errors.INVALID_PRODUCER_ID_MAPPING,
                    "the transactional id belongs to producer %d, not to %d".formatted(known.producerId(), producerId));
        }
        if (known.producerEpoch() != producerEpoch) {
            return new Transition.Refused(
                    Errors.PRODUCER_FENCED,
                    "the epoch of producer %d is %d, not %d"
                            .formatted(producerId, known.producerEpoch(), producerEpoch));
        }
        return known.isPrepared() ? notYet() : null;
    }

    private static Transition.Refused unknown() {
        return new Transition.Refused(
                Errors.INVALID_PRODUCER_ID_MAPPING, "nobody has asked for a producer with this transactional id");
    }

    private static Transition.Refused notYet() {
        return new Transition.Refused(
                Errors.CONCURRENT_TRANSACTIONS, "the transaction before is still being written to its partitions");
    }
}
