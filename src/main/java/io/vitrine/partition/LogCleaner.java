package io.vitrine.partition;

import io.vitrine.log.CleanableRange;
import io.vitrine.log.Cleaned;
import io.vitrine.log.CleanerMemory;
import io.vitrine.log.CleanerSettings;
import io.vitrine.log.LogBrokenException;
import io.vitrine.log.LogDirectory;
import io.vitrine.log.Throttle;
import io.vitrine.partition.CleanerState.LastRun;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Compacts the logs of topics whose `cleanup.policy` says so, the dirtiest first, on threads of its own, which begin
/// when there is such a topic. Memory is taken for one compaction at a time. A log that fails is left alone until it
/// has changed; the others go on.
///
/// Before a log is compacted its recovery point is written down, so that no gap lies where a crash has it checked.
public final class LogCleaner implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(LogCleaner.class);
    private static final long MOVED_AT_ONCE = 16 * 1024;

    private final long maxUncompressedBytes;
    private final CleanerThreads threads;
    private final Supplier<Collection<Partition>> partitions;
    private final Map<LogDirectory, DirectoryCheckpoints> checkpoints;
    private final StorageUpkeep upkeep;
    private final Clock clock;
    private final CleanerBook book = new CleanerBook();
    private final CleanerTotals totals = new CleanerTotals();
    private final CompactionTurns turns = new CompactionTurns();
    // Guarded by `this`.
    private boolean started;

    LogCleaner(
            PartitionSettings settings,
            Supplier<Collection<Partition>> partitions,
            Map<LogDirectory, DirectoryCheckpoints> checkpoints,
            StorageUpkeep upkeep,
            Clock clock) {
        this.maxUncompressedBytes = settings.topicRules().batchRules(Map.of()).maxUncompressedBytes();
        this.threads = new CleanerThreads(settings.cleaner(), settings.tasks().initialDelayMs(), this::compactOrGiveUp);
        this.partitions = partitions;
        this.checkpoints = checkpoints;
        this.upkeep = upkeep;
        this.clock = clock;
    }

    /// What compaction has done since the start.
    public CleanerTotals totals() {
        return totals;
    }

    /// How it stands with a partition; empty if its log is not compacted, or has not been looked at yet.
    public Optional<CleanerState> find(Partition partition) {
        return compaction(partition).flatMap(found -> book.find(partition.name(), found.findObstacle()));
    }

    /// The dirtiest log's ratio, as of the last look.
    public double maxDirtyRatio() {
        return states().stream().mapToDouble(CleanerState::dirtyRatio).max().orElse(0);
    }

    /// Logs that are to be compacted and can't be, or not from some segment on.
    public long uncleanableCount() {
        return states().stream()
                .filter(state -> state.findUncleanableReason().isPresent())
                .count();
    }

    /// Who is at work on which log.
    CompactionTurns turns() {
        return turns;
    }

    /// Is this log to be compacted at all?
    boolean isToBeCompacted(Partition partition) {
        return compaction(partition).isPresent();
    }

    /// Compacts one log, if anything in it is dirty; how it went is what [#find] tells then. Waits for a compaction of
    /// it that is under way.
    void compactNow(Partition partition) throws InterruptedException {
        turns.take(partition);
        try {
            var compaction = compaction(partition).orElse(null);
            if (compaction == null || partition.offlineReason().isPresent()) {
                return;
            }
            var before = compaction.fingerprint();
            try {
                partition.storage().findUpkeep().orElseThrow().closeActive();
                partition.storage().checkpoint();
                var known = checkpoints(partition);
                known.writeRecoveryPoints(partitions.get());
                var range = compaction.look(known.cleanedTo(partition), known.writtenRecoveryPoint(partition));
                book.saw(partition.name(), range);
                if (range.dirtyBytes() > 0) {
                    compact(partition);
                }
            } catch (IOException | RuntimeException e) {
                fail(partition, before, e);
            }
        } finally {
            turns.giveBack(partition);
        }
        upkeep.removeSegments(List.of(partition));
    }

    /// Goes on with other settings at once; a compaction at work keeps its memory.
    public void useSettings(CleanerSettings settings) {
        threads.use(settings);
    }

    /// Allows compaction to begin.
    synchronized void start() {
        started = true;
        startIfNeeded(partitions.get());
    }

    /// Starts the threads, if one of `candidates` is to be compacted now or later.
    synchronized void startIfNeeded(Collection<Partition> candidates) {
        if (started && candidates.stream().anyMatch(one -> compaction(one).isPresent())) {
            threads.begin();
        }
    }

    /// Ends soon: a compaction at work stops at the next read or write, and leaves the log as it was.
    @Override
    public void close() {
        threads.close();
    }

    /// One log's trouble must not end the compaction of all.
    private boolean compactOrGiveUp() {
        try {
            return compactDirtiest();
        } catch (RuntimeException | Error e) {
            log.error("Compacting failed", e);
            return false;
        }
    }

    /// @return was there something to do?
    private boolean compactDirtiest() {
        var chosen = choose();
        if (chosen == null) {
            return false;
        }
        try {
            compact(chosen);
        } finally {
            turns.giveBack(chosen);
        }
        if (!threads.isStopped()) {
            // What retention wanted to delete meanwhile; and the old segments' files, when their time has come.
            upkeep.removeSegments(List.of(chosen));
        }
        return true;
    }

    /// Takes the log that needs it most, so that no other thread does.
    private synchronized @Nullable Partition choose() {
        book.keepOnly(partitions.get());
        Partition dirtiest = null;
        double greatestRatio = -1;
        for (var partition : partitions.get()) {
            var range = turns.isTaken(partition) ? null : findDue(partition);
            if (range != null && range.dirtyRatio() > greatestRatio) {
                dirtiest = partition;
                greatestRatio = range.dirtyRatio();
            }
        }
        return dirtiest != null && turns.tryTake(dirtiest) ? dirtiest : null;
    }

    /// What there is to compact; null if nothing is, or it has failed before.
    private @Nullable CleanableRange findDue(Partition partition) {
        var found = compaction(partition);
        if (found.isEmpty() || partition.offlineReason().isPresent()) {
            return null;
        }
        var compaction = found.get();
        var before = compaction.fingerprint();
        if (book.isUncleanable(partition.name(), before)) {
            return null;
        }
        try {
            var known = checkpoints(partition);
            long recoveryPoint = partition.storage().findUpkeep().orElseThrow().recoveryPoint();
            var range = compaction.look(known.cleanedTo(partition), recoveryPoint);
            book.saw(partition.name(), range);
            return range.isDue(compaction.settings()) ? range : null;
        } catch (IOException | RuntimeException e) {
            fail(partition, before, e);
            return null;
        }
    }

    private void compact(Partition partition) {
        var compaction = compaction(partition).orElse(null);
        if (compaction == null) {
            return;
        }
        var before = compaction.fingerprint();
        long start = System.nanoTime();
        try {
            var known = checkpoints(partition);
            partition.storage().checkpoint();
            if (partition.offlineReason().isPresent()) {
                return;
            }
            known.writeRecoveryPoints(partitions.get());
            var cleaned = compaction.run(
                    known.cleanedTo(partition), known.writtenRecoveryPoint(partition), memory(), throttle(partition));
            known.noteCleanedTo(partition, cleaned.nextDirtyOffset(), partitions.get());
            long nanos = System.nanoTime() - start;
            totals.add(cleaned.stats(), nanos);
            if (cleaned.segments().isEmpty()) {
                book.failed(partition.name(), before, "nothing of what is dirty could be compacted");
                return;
            }
            report(partition, cleaned, Duration.ofNanos(nanos));
        } catch (LogBrokenException e) {
            totals.addFailure(System.nanoTime() - start);
            log.error("{} went offline while it was compacted: {}", partition.name(), e.getMessage());
        } catch (IOException | RuntimeException | OutOfMemoryError e) {
            if (!threads.isStopped() && !partition.isDeleted()) {
                totals.addFailure(System.nanoTime() - start);
                fail(partition, before, e);
            }
        }
    }

    /// A compaction ends soon after its topic was deleted, however little it may move in a second.
    private Throttle throttle(Partition partition) {
        return count -> {
            for (long left = count; left > 0; left -= MOVED_AT_ONCE) {
                if (partition.isDeleted()) {
                    throw new IOException("its topic was deleted");
                }
                threads.acquire(Math.min(left, MOVED_AT_ONCE));
            }
        };
    }

    private void report(Partition partition, Cleaned cleaned, Duration duration) {
        book.ran(partition.name(), new LastRun(clock.instant(), duration, cleaned));
        var stats = cleaned.stats();
        log.info(
                "{}: compacted up to offset {} in {} ms, {} of {} records and {} of {} bytes stay",
                partition.name(),
                cleaned.nextDirtyOffset(),
                duration.toMillis(),
                stats.recordsKept(),
                stats.recordsRead(),
                stats.bytesWritten(),
                stats.bytesRead());
        for (var damage : cleaned.damages()) {
            log.error("{}: left as it is: {}", partition.name(), damage);
        }
    }

    private void fail(Partition partition, PartitionCompaction.Fingerprint before, Throwable cause) {
        if (partition.isDeleted()) {
            return;
        }
        log.error("{} can't be compacted, and is left alone until it changes: {}", partition.name(), cause.toString());
        book.failed(partition.name(), before, String.valueOf(cause.getMessage()));
    }

    private List<CleanerState> states() {
        return partitions.get().stream()
                .map(this::find)
                .flatMap(Optional::stream)
                .toList();
    }

    private DirectoryCheckpoints checkpoints(Partition partition) {
        return Objects.requireNonNull(checkpoints.get(partition.logDirectory()));
    }

    /// Empty if the partition's log could not be opened, or is not to be compacted.
    private static Optional<PartitionCompaction> compaction(Partition partition) {
        return partition
                .storage()
                .findUpkeep()
                .map(PartitionUpkeep::compaction)
                .filter(one -> one.settings().compact());
    }

    /// What one compaction may take now.
    private CleanerMemory memory() {
        var settings = threads.settings();
        return new CleanerMemory(
                settings.dedupeBufferBytes() / settings.threads(),
                settings.ioBufferBytes() / settings.threads(),
                settings.loadFactor(),
                maxUncompressedBytes);
    }
}
