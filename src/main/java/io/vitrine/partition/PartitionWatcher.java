package io.vitrine.partition;

/// Waits for something to happen to a partition; see [PartitionWatchers].
@FunctionalInterface
public interface PartitionWatcher {
    /// Something has happened since the last call, or nearly then. Called on the watcher's own executor, and until
    /// it is removed, which it may do itself here.
    ///
    /// @param appendedBytes how much was appended
    /// @param changed whether anything else has changed: log start, leader epoch, what of it is
    ///     committed, whether it can be used, or exists
    void happened(long appendedBytes, boolean changed);
}
