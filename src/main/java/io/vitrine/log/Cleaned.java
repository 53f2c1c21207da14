package io.vitrine.log;

import io.vitrine.record.FilteredBatch;
import java.util.List;

/// What one compaction did.
///
/// @param nextDirtyOffset where the next one begins
/// @param segments those that were written, in order
/// @param damages the first few batches that were left as they are because they can't be read, and why
public record Cleaned(long nextDirtyOffset, List<CleanedSegment> segments, Stats stats, List<String> damages) {

    /// Sums over all batches.
    ///
    /// @param bytesRead of the segments that were rewritten
    /// @param recordsRead of batches that could be read
    /// @param batchesLeft batches left as they are because they can't be read
    public record Stats(
            long bytesRead,
            long bytesWritten,
            long recordsRead,
            long recordsKept,
            long tombstonesDropped,
            long batchesLeft) {
        static final Stats NONE = new Stats(0, 0, 0, 0, 0, 0);

        /// These sums with another batch.
        ///
        /// @param size bytes it had
        Stats plus(FilteredBatch filtered, int size) {
            return new Stats(
                    bytesRead + size,
                    bytesWritten + filtered.bytes().remaining(),
                    recordsRead + filtered.recordsRead(),
                    recordsKept + filtered.recordsKept(),
                    tombstonesDropped + filtered.tombstonesDropped(),
                    batchesLeft + (filtered.damage() == null ? 0 : 1));
        }
    }
}
