package io.vitrine.inspect;

import io.vitrine.partition.Partition;
import io.vitrine.partition.PartitionWatcher;
import java.io.Closeable;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// Wakes one waiting thread when something is appended to any of several partitions: the one place here that knows
/// how a partition tells of appends. Whoever appends pays for one flag, and for waking the thread if it sleeps.
final class AppendBell implements Closeable {
    private final List<Partition> partitions = new ArrayList<>();
    private final PartitionWatcher watcher = (_, _) -> ring();
    private final AtomicBoolean rung = new AtomicBoolean();
    private volatile @Nullable Thread waiter;

    /// Rings for appends to `partition` too. For the waiting thread.
    void listenTo(Partition partition) {
        partitions.add(partition);
        partition.watchers().add(watcher, Runnable::run);
    }

    /// Rings. For any thread.
    void ring() {
        if (rung.compareAndSet(false, true)) {
            LockSupport.unpark(waiter);
        }
    }

    /// Forgets that it has rung. To be called before a look at what there is, so that nothing slips between the two.
    void reset() {
        rung.set(false);
    }

    /// Waits until it has rung since the last reset, or `nanos` have passed, or the thread is interrupted.
    void await(long nanos) {
        waiter = Thread.currentThread();
        long deadline = System.nanoTime() + nanos;
        for (long left = nanos; left > 0 && !rung.get(); left = deadline - System.nanoTime()) {
            LockSupport.parkNanos(this, left);
            if (Thread.currentThread().isInterrupted()) {
                return;
            }
        }
    }

    @Override
    public void close() {
        partitions.forEach(partition -> partition.watchers().remove(watcher));
    }
}
