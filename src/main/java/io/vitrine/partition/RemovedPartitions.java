package io.vitrine.partition;

import java.nio.file.Path;
import java.util.List;

/// What becomes of partitions that are here no more, and of their directories.
///
/// @param count partitions whose service has ended since the start
/// @param totals what they were given until then
/// @param awaitingRemoval directories of deleted topics that are still there
/// @param strays directories that belong to no topic there is; they are kept for a person to decide
public record RemovedPartitions(long count, PartitionTotals totals, int awaitingRemoval, List<Path> strays) {
    public RemovedPartitions {
        strays = List.copyOf(strays);
    }
}
