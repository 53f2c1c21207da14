package io.vitrine.log;

import java.util.List;

/// Everything about one segment that is known without reading it.
///
/// @param maxTimestamp the greatest of its records; -1 if there is none or it is not known
/// @param files those it has on disk
/// @param damaged in the order of their positions
public record SegmentDetails(
        SegmentInfo segment,
        long maxTimestamp,
        int offsetIndexEntries,
        int timeIndexEntries,
        int abortedTransactions,
        List<SegmentFileInfo> files,
        List<DamagedRange> damaged) {
    public SegmentDetails {
        files = List.copyOf(files);
        damaged = List.copyOf(damaged);
    }
}
