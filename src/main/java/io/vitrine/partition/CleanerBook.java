package io.vitrine.partition;

import io.vitrine.log.CleanableRange;
import io.vitrine.log.DamagedRange;
import io.vitrine.metadata.TopicPartition;
import io.vitrine.partition.CleanerState.LastRun;
import io.vitrine.partition.PartitionCompaction.Fingerprint;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What the cleaner knows of each partition: what it saw last, what it did, and what it could not do. A log that
/// failed is left alone until it has changed. Thread-safe.
final class CleanerBook {
    private final Map<TopicPartition, Entry> entries = new ConcurrentHashMap<>();

    /// @param failedAt the log as it was before it failed
    private record Entry(
            @Nullable CleanableRange range,
            @Nullable LastRun lastRun,
            @Nullable Fingerprint failedAt,
            @Nullable String failure) {
        static final Entry NONE = new Entry(null, null, null, null);
    }

    /// Did this log fail, and has it not changed since?
    boolean isUncleanable(TopicPartition name, Fingerprint now) {
        return now.equals(entry(name).failedAt());
    }

    void saw(TopicPartition name, CleanableRange range) {
        entries.put(name, new Entry(range, entry(name).lastRun(), null, null));
    }

    void ran(TopicPartition name, LastRun run) {
        entries.put(name, new Entry(entry(name).range(), run, null, null));
    }

    void failed(TopicPartition name, Fingerprint before, String reason) {
        var known = entry(name);
        entries.put(name, new Entry(known.range(), known.lastRun(), before, reason));
    }

    /// Forgets partitions that are here no more.
    void keepOnly(Collection<Partition> hosted) {
        if (!entries.isEmpty()) {
            entries.keySet().retainAll(hosted.stream().map(Partition::name).collect(Collectors.toSet()));
        }
    }

    /// How it stands; empty if it has not been looked at.
    Optional<CleanerState> find(TopicPartition name, Optional<DamagedRange> obstacle) {
        var entry = entry(name);
        var range = entry.range();
        if (range == null && entry.failure() == null) {
            return Optional.empty();
        }
        var reason = entry.failure() != null
                ? entry.failure()
                : obstacle.map(damage -> "damage keeps it from being compacted from segment %d on: %s"
                                .formatted(damage.segmentBaseOffset(), damage))
                        .orElse(null);
        return Optional.of(new CleanerState(
                range == null ? 0 : range.firstDirtyOffset(),
                range == null ? 0 : range.dirtyRatio(),
                entry.lastRun(),
                reason));
    }

    private Entry entry(TopicPartition name) {
        return entries.getOrDefault(name, Entry.NONE);
    }
}
