package io.vitrine.transaction;

import org.apache.kafka.coordinator.transaction.TransactionState;

/// A transaction of which it is on disk how it ends.
///
/// @param partition of `__transaction_state`, where that is written
/// @param entry of it, with the partitions that need a marker
/// @param producerId what its producer goes on with
/// @param producerEpoch likewise
record Prepared(int partition, TransactionEntry entry, long producerId, short producerEpoch) {
    static Prepared of(int partition, TransactionEntry entry) {
        boolean overflowed = entry.nextProducerId() != TransactionEntry.NO_PRODUCER_ID;
        return new Prepared(
                partition,
                entry,
                overflowed ? entry.nextProducerId() : entry.producerId(),
                overflowed ? 0 : entry.producerEpoch());
    }

    boolean isCommit() {
        return entry.state() == TransactionState.PREPARE_COMMIT;
    }
}
