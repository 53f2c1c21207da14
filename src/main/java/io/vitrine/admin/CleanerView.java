package io.vitrine.admin;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.vitrine.partition.CleanerState;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The compaction of one partition, as of the cleaner's last look.
///
/// @param lastRun absent if there was none since the start
/// @param uncleanable why the log, or the rest of it, is not compacted; absent where it is
@JsonInclude(JsonInclude.Include.NON_NULL)
record CleanerView(
        long firstDirtyOffset,
        double dirtyRatio,
        @Nullable LastRunView lastRun,
        @Nullable String uncleanable) {

    static CleanerView of(CleanerState state) {
        return new CleanerView(
                state.firstDirtyOffset(),
                state.dirtyRatio(),
                state.findLastRun().map(LastRunView::of).orElse(null),
                state.uncleanableReason());
    }

    /// @param batchesLeft batches that can't be read, and were left as they are
    /// @param damages which the first few of these are, and why
    record LastRunView(
            String endedAtIso,
            long durationMs,
            long bytesRead,
            long bytesWritten,
            long recordsRead,
            long recordsKept,
            long tombstonesDropped,
            long batchesLeft,
            List<String> damages) {
        static LastRunView of(CleanerState.LastRun run) {
            var stats = run.cleaned().stats();
            return new LastRunView(
                    run.endedAt().toString(),
                    run.duration().toMillis(),
                    stats.bytesRead(),
                    stats.bytesWritten(),
                    stats.recordsRead(),
                    stats.recordsKept(),
                    stats.tombstonesDropped(),
                    stats.batchesLeft(),
                    run.cleaned().damages());
        }
    }
}
