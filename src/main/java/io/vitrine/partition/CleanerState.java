package io.vitrine.partition;

import io.vitrine.log.Cleaned;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// How it stands with the compaction of one partition, as of the last look at it.
///
/// @param firstDirtyOffset where the next compaction begins
/// @param dirtyRatio the part of the bytes that could be compacted which has not been, 0 to 1
/// @param lastRun null if there was none since the start
/// @param uncleanableReason why the log, or the rest of it, is not compacted; null where it is
public record CleanerState(
        long firstDirtyOffset,
        double dirtyRatio,
        @Nullable LastRun lastRun,
        @Nullable String uncleanableReason) {

    /// A compaction that went well.
    public record LastRun(Instant endedAt, Duration duration, Cleaned cleaned) {}

    public Optional<LastRun> findLastRun() {
        return Optional.ofNullable(lastRun);
    }

    public Optional<String> findUncleanableReason() {
        return Optional.ofNullable(uncleanableReason);
    }
}
