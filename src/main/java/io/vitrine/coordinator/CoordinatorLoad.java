package io.vitrine.coordinator;

import java.util.Optional;

/// How one partition of a coordinator's topic was read from its log, or how far that has come.
///
/// @param offset up to here the log has been read
/// @param endOffset where it ends
/// @param records read so far
/// @param skipped records of them that could not be used: of an unknown type, not decodable, or not fitting
/// @param damagedRanges parts of the log that could not be read
/// @param failure why it was given up; empty if it was not
public record CoordinatorLoad(
        int partition,
        State state,
        long offset,
        long endOffset,
        long records,
        long skipped,
        int damagedRanges,
        long bytes,
        long tookMs,
        Optional<String> failure) {

    /// Where a partition is on its way.
    public enum State {
        /// Others are loaded before it.
        WAITING,
        LOADING,
        LOADED,
        FAILED
    }

    static CoordinatorLoad waiting(int partition) {
        return new CoordinatorLoad(partition, State.WAITING, 0, 0, 0, 0, 0, 0, 0, Optional.empty());
    }
}
