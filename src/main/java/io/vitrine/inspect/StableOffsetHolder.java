package io.vitrine.inspect;

import io.vitrine.log.ProducerSnapshotEntry;
import io.vitrine.partition.Partition;
import io.vitrine.partition.ReadOutcome;
import io.vitrine.record.BatchSlice;
import io.vitrine.record.RecordBatch;
import java.util.Comparator;
import java.util.Optional;

/// The producer whose open transaction keeps those who read committed data from what lies behind it.
///
/// @param firstOffset where its transaction begins in this partition
/// @param sinceMs the timestamp of the first batch of it, by the clock of whoever gave it; -1 if that can't be read
public record StableOffsetHolder(long producerId, short producerEpoch, long firstOffset, long sinceMs) {

    /// Empty if everything is stable.
    public static Optional<StableOffsetHolder> find(Partition partition) {
        boolean isHeld = partition
                .findOffsets()
                .filter(offsets -> offsets.lastStableOffset() < offsets.highWatermark())
                .isPresent();
        return isHeld
                ? partition.transactions().producers().stream()
                        .filter(producer -> producer.currentTxnFirstOffset() >= 0)
                        .min(Comparator.comparingLong(ProducerSnapshotEntry::currentTxnFirstOffset))
                        .map(producer -> of(partition, producer))
                : Optional.empty();
    }

    /// What a producer holds.
    ///
    /// @param producer one whose transaction is open
    public static StableOffsetHolder of(Partition partition, ProducerSnapshotEntry producer) {
        long first = producer.currentTxnFirstOffset();
        return new StableOffsetHolder(producer.producerId(), producer.epoch(), first, timestampAt(partition, first));
    }

    private static long timestampAt(Partition partition, long offset) {
        return switch (partition.read(offset, 1)) {
            case ReadOutcome.Batches<BatchSlice>(var slice, var _) ->
                slice.isEmpty()
                        ? RecordBatch.NO_TIMESTAMP
                        : slice.batches().iterator().next().maxTimestamp();
            case ReadOutcome.OutOfRange<BatchSlice> _,
                    ReadOutcome.Damaged<BatchSlice> _,
                    ReadOutcome.StorageFailed<BatchSlice> _,
                    ReadOutcome.Deleted<BatchSlice> _ -> RecordBatch.NO_TIMESTAMP;
        };
    }
}
