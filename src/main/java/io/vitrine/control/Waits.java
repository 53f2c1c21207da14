package io.vitrine.control;

import io.vitrine.coordinator.TapListener;
import io.vitrine.coordinator.TappedRecord;
import io.vitrine.group.GroupDirectory;
import io.vitrine.group.GroupService;
import io.vitrine.metadata.MetadataService;
import io.vitrine.metadata.TopicPartition;
import io.vitrine.partition.Partition;
import io.vitrine.partition.PartitionLogService;
import io.vitrine.partition.PartitionWatcher;
import java.time.Duration;
import java.util.Optional;

/// Waits until something has become so. A change of the metadata, an append and a record of the groups each have it
/// looked again at once; what no event tells of is looked at ten times a second. Thread-safe.
public final class Waits {
    private static final long LOOK_NANOS = Duration.ofMillis(100).toNanos();
    // So that a busy topic does not have it look at each of its batches.
    private static final long PAUSE_MS = 5;

    private final Bell bell = new Bell();
    private final PartitionLogService partitions;
    private final Look look;

    public Waits(MetadataService metadata, PartitionLogService partitions, GroupService groups) {
        this.partitions = partitions;
        this.look = new Look(metadata, partitions, new GroupDirectory(groups));
        metadata.addListener(_ -> bell.ring());
        groups.listen(new Ringing());
    }

    /// Returns when it is so, or the time is up.
    public Waited await(Wish wish, Duration timeout) throws InterruptedException {
        long start = System.nanoTime();
        long limit = timeout.toNanos();
        PartitionWatcher watcher = (_, _) -> bell.ring();
        Optional<Partition> watched = Optional.empty();
        bell.listen();
        try {
            while (true) {
                if (watched.isEmpty()) {
                    watched = watch(wish, watcher);
                }
                long seen = bell.count();
                long left = limit - (System.nanoTime() - start);
                var found = look.at(wish, Math.max(left, LOOK_NANOS));
                long passed = System.nanoTime() - start;
                if (found.reached() || passed >= limit) {
                    return new Waited(found.reached(), Duration.ofNanos(passed).toMillis(), found.state());
                }
                bell.await(seen, Math.min(LOOK_NANOS, limit - passed));
                Thread.sleep(PAUSE_MS);
            }
        } finally {
            bell.leave();
            watched.ifPresent(partition -> partition.watchers().remove(watcher));
        }
    }

    private Optional<Partition> watch(Wish wish, PartitionWatcher watcher) {
        var found = wish instanceof Wish.EndOffset(TopicPartition name, long _)
                ? partitions.find(name)
                : Optional.<Partition>empty();
        found.ifPresent(partition -> partition.watchers().add(watcher, Runnable::run));
        return found;
    }

    /// Hears of what becomes of the groups, while somebody waits.
    private final class Ringing implements TapListener {
        @Override
        public boolean wants(short type) {
            return bell.isHeard();
        }

        @Override
        public void recorded(TappedRecord record) {
            bell.ring();
        }
    }
}
