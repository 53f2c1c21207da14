package io.vitrine.partition;

import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// Who waits for something to happen to one partition. Watchers are called on executors of their choice, of which
/// there are few, such as event loops: an append hands one task to each of these at most, however many watch there,
/// and none while the last one has not begun. Thread-safe.
///
/// Whoever reads and then begins to watch may have missed something in between. It compares [#eventCount] as it was
/// before the read with what it is after [#add].
public final class PartitionWatchers {
    private final AtomicLong events = new AtomicLong();
    private volatile Group[] groups = {};

    /// Has `watcher` called on `executor` whenever something happens. Once is enough.
    public void add(PartitionWatcher watcher, Executor executor) {
        groupOf(executor).watchers.add(watcher);
    }

    /// What is being called at this moment may go on.
    public void remove(PartitionWatcher watcher) {
        for (var group : groups) {
            group.watchers.remove(watcher);
        }
    }

    public int count() {
        return Arrays.stream(groups).mapToInt(group -> group.watchers.size()).sum();
    }

    /// Rises with everything that happens, after it can be seen.
    public long eventCount() {
        return events.get();
    }

    /// Bytes were appended, and can be read.
    ///
    /// @param decides do they end a transaction, so that those who read committed data only can read more than
    ///     them?
    void appended(int sizeInBytes, boolean decides) {
        happened(sizeInBytes, decides);
    }

    /// Anything else has changed.
    void changed() {
        happened(0, true);
    }

    private void happened(int appendedBytes, boolean changed) {
        events.incrementAndGet();
        for (var group : groups) {
            group.happened(appendedBytes, changed);
        }
    }

    private Group groupOf(Executor executor) {
        var found = find(executor);
        return found == null ? makeGroup(executor) : found;
    }

    private synchronized Group makeGroup(Executor executor) {
        var found = find(executor);
        if (found != null) {
            return found;
        }
        var made = new Group(executor);
        var next = Arrays.copyOf(groups, groups.length + 1);
        next[groups.length] = made;
        groups = next;
        return made;
    }

    private @Nullable Group find(Executor executor) {
        for (var group : groups) {
            if (group.executor.equals(executor)) {
                return group;
            }
        }
        return null;
    }

    /// The watchers of one executor.
    private static final class Group implements Runnable {
        private final Executor executor;
        private final Set<PartitionWatcher> watchers = ConcurrentHashMap.newKeySet();
        private final AtomicLong appendedBytes = new AtomicLong();
        private final AtomicBoolean changed = new AtomicBoolean();
        private final AtomicBoolean scheduled = new AtomicBoolean();

        Group(Executor executor) {
            this.executor = executor;
        }

        void happened(int bytes, boolean isChange) {
            if (watchers.isEmpty()) {
                return;
            }
            appendedBytes.addAndGet(bytes);
            if (isChange) {
                changed.set(true);
            }
            if (scheduled.compareAndSet(false, true)) {
                schedule();
            }
        }

        private void schedule() {
            try {
                executor.execute(this);
            } catch (RejectedExecutionException e) {
                // Its threads have ended, and so have those who watched there.
                watchers.clear();
                scheduled.set(false);
            }
        }

        @Override
        public void run() {
            scheduled.set(false);
            long bytes = appendedBytes.getAndSet(0);
            boolean isChange = changed.getAndSet(false);
            if (bytes > 0 || isChange) {
                watchers.forEach(watcher -> watcher.happened(bytes, isChange));
            }
        }
    }
}
