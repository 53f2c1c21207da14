package io.vitrine.metadata;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// How it stands with the checkpoints of the metadata log.
///
/// @param endOffset what the newest one reaches; 0 if there is none but what formatting wrote
/// @param writtenAtMs when it was written, or when the broker started, if that was later
/// @param durationMs how long that took; 0 for one of an earlier run
/// @param written how many this run has written
/// @param failure why the last attempt failed; null if it did not
public record CheckpointStatus(
        long endOffset,
        long writtenAtMs,
        long durationMs,
        long written,
        @Nullable String failure) {

    static CheckpointStatus atStart(Optional<Checkpoint> base, long nowMs) {
        return new CheckpointStatus(base.map(Checkpoint::endOffset).orElse(0L), nowMs, 0, 0, null);
    }

    CheckpointStatus written(long newEndOffset, long nowMs, long tookMs) {
        return new CheckpointStatus(newEndOffset, nowMs, tookMs, written + 1, null);
    }

    CheckpointStatus failed(String reason) {
        return new CheckpointStatus(endOffset, writtenAtMs, durationMs, written, reason);
    }
}
