package io.vitrine.share;

import io.vitrine.partition.Partition;
import io.vitrine.partition.PartitionWatcher;
import java.util.Collection;
import java.util.concurrent.Executor;

/// Wakes who waits for something to happen to some partitions: the one place here that knows how that is heard of.
final class AppendWakeUp {
    private final Collection<Partition> partitions;
    private final PartitionWatcher watcher;
    private final Executor executor;

    /// @param wake run on `executor`, the same for all
    AppendWakeUp(Collection<Partition> partitions, Runnable wake, Executor executor) {
        this.partitions = partitions;
        this.watcher = (_, _) -> wake.run();
        this.executor = executor;
    }

    /// What happened before is not told.
    void begin() {
        partitions.forEach(partition -> partition.watchers().add(watcher, executor));
    }

    void end() {
        partitions.forEach(partition -> partition.watchers().remove(watcher));
    }
}
