package io.vitrine.partition;

import io.vitrine.log.Offsets;
import io.vitrine.log.SegmentInfo;
import java.io.IOException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;

/// Has upkeep done to one log at once, for those who can't wait for its clocks. What the rules of a log keep from
/// being deleted or compacted stays kept. Thread-safe; waits for the disk.
public final class UpkeepNow {
    private final StorageUpkeep upkeep;
    private final LogCleaner cleaner;
    // A compaction takes memory, which is planned for one thread more than the cleaner has.
    private final ReentrantLock compacting = new ReentrantLock();

    UpkeepNow(StorageUpkeep upkeep, LogCleaner cleaner) {
        this.upkeep = upkeep;
        this.cleaner = cleaner;
    }

    /// Deletes what is too old or too much.
    public UpkeepOutcome retain(Partition partition) {
        return attempt(partition, () -> {
            long start = offsets(partition).logStartOffset();
            var segments = partition.segments();
            int deleted = upkeep.retain(partition);
            var left =
                    partition.segments().stream().map(SegmentInfo::baseOffset).collect(Collectors.toSet());
            long bytes = segments.stream()
                    .filter(segment -> !left.contains(segment.baseOffset()))
                    .mapToLong(SegmentInfo::sizeInBytes)
                    .sum();
            return new UpkeepOutcome.Retained(
                    partition.name(), start, offsets(partition).logStartOffset(), deleted, bytes);
        });
    }

    /// Compacts the log, however clean it is, if it is to be compacted at all: what was written until now too, for
    /// which the segment that is appended to is closed.
    public UpkeepOutcome compact(Partition partition) throws InterruptedException {
        if (!cleaner.isToBeCompacted(partition)) {
            return new UpkeepOutcome.Left(partition.name(), "its cleanup.policy does not say compact");
        }
        compacting.lockInterruptibly();
        try {
            var before = cleaner.find(partition).flatMap(CleanerState::findLastRun);
            cleaner.compactNow(partition);
            var state = cleaner.find(partition);
            var run = state.flatMap(CleanerState::findLastRun);
            if (run.isPresent() && !run.equals(before)) {
                return new UpkeepOutcome.Compacted(partition.name(), run.get());
            }
            return state.flatMap(CleanerState::findUncleanableReason)
                    .or(partition::offlineReason)
                    .<UpkeepOutcome>map(why -> new UpkeepOutcome.Failed(partition.name(), why))
                    .orElseGet(() -> new UpkeepOutcome.Left(
                            partition.name(), "nothing in it is both dirty and older than min.compaction.lag.ms"));
        } finally {
            compacting.unlock();
        }
    }

    /// Has everything in the log on disk, with what makes opening it quick.
    public UpkeepOutcome flush(Partition partition) {
        return attempt(partition, () -> {
            long before = offsets(partition).durableOffset();
            partition.storage().checkpoint();
            if (partition.offlineReason().isPresent()) {
                return new UpkeepOutcome.Failed(
                        partition.name(), partition.offlineReason().get());
            }
            return new UpkeepOutcome.Flushed(
                    partition.name(), before, offsets(partition).durableOffset());
        });
    }

    private static Offsets offsets(Partition partition) {
        return partition.findOffsets().orElseThrow(() -> new IllegalStateException(partition.name() + " has no log"));
    }

    private interface Task {
        UpkeepOutcome run() throws IOException;
    }

    private static UpkeepOutcome attempt(Partition partition, Task task) {
        if (partition.storage().findUpkeep().isEmpty()) {
            return new UpkeepOutcome.Failed(
                    partition.name(), partition.offlineReason().orElse("its log is not open"));
        }
        try {
            return task.run();
        } catch (IOException | RuntimeException e) {
            return new UpkeepOutcome.Failed(partition.name(), String.valueOf(e.getMessage()));
        }
    }
}
