package io.vitrine.partition;

import io.vitrine.log.CleanableRange;
import io.vitrine.log.Cleaned;
import io.vitrine.log.CleanerMemory;
import io.vitrine.log.CleanerSettings;
import io.vitrine.log.LogBrokenException;
import io.vitrine.log.LogDirectory;
import io.vitrine.log.RateLimit;
import io.vitrine.log.Throttle;
import io.vitrine.partition.CleanerState.LastRun;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
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

    private final CleanerSettings settings;
    private final CleanerMemory memory;
    private final long initialDelayMs;
    private final Supplier<Collection<Partition>> partitions;
    private final Map<LogDirectory, DirectoryCheckpoints> checkpoints;
    private final StorageUpkeep upkeep;
    private final Clock clock;
    private final CleanerBook book = new CleanerBook();
    private final CleanerTotals totals = new CleanerTotals();
    private final CountDownLatch stop = new CountDownLatch(1);
    private final Throttle throttle;
    private final CompactionTurns turns = new CompactionTurns();
    // Guarded by `this`.
    private final List<Thread> threads = new ArrayList<>();
    private boolean started;

    LogCleaner(
            PartitionSettings settings,
            Supplier<Collection<Partition>> partitions,
            Map<LogDirectory, DirectoryCheckpoints> checkpoints,
            StorageUpkeep upkeep,
            Clock clock) {
        this.settings = settings.cleaner();
        this.memory = new CleanerMemory(
                this.settings.dedupeBufferBytes() / this.settings.threads(),
                this.settings.ioBufferBytes() / this.settings.threads(),
                this.settings.loadFactor(),
                settings.topicRules().batchRules(Map.of()).maxUncompressedBytes());
        this.initialDelayMs = settings.tasks().initialDelayMs();
        this.partitions = partitions;
        this.checkpoints = checkpoints;
        this.upkeep = upkeep;
        this.clock = clock;
        var rate = new RateLimit(this.settings.maxBytesPerSecond(), System::nanoTime, this::pause);
        this.throttle = count -> {
            rate.acquire(count);
            requireNotStopped();
        };
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
                partition.findUpkeep().orElseThrow().closeActive();
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

    /// Allows compaction to begin.
    synchronized void start() {
        started = true;
        startIfNeeded(partitions.get());
    }

    /// Starts the threads, if one of `candidates` is to be compacted now or later.
    synchronized void startIfNeeded(Collection<Partition> candidates) {
        if (!started || !settings.enabled() || !threads.isEmpty() || stop.getCount() == 0) {
            return;
        }
        if (candidates.stream().anyMatch(one -> compaction(one).isPresent())) {
            var builder = Thread.ofPlatform().name("log-cleaner-", 0).daemon();
            for (int i = 0; i < settings.threads(); i++) {
                threads.add(builder.start(this::work));
            }
        }
    }

    /// Ends soon: a compaction at work stops at the next read or write, and leaves the log as it was.
    @Override
    public void close() {
        stop.countDown();
        List<Thread> working;
        synchronized (this) {
            working = List.copyOf(threads);
        }
        try {
            for (var thread : working) {
                thread.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void work() {
        try {
            long waitMs = initialDelayMs;
            while (!stop.await(waitMs, TimeUnit.MILLISECONDS)) {
                waitMs = compactOrGiveUp() ? 0 : settings.backoffMs();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
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
        if (stop.getCount() > 0) {
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
            long recoveryPoint = partition.findUpkeep().orElseThrow().recoveryPoint();
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
            var cleaned =
                    compaction.run(known.cleanedTo(partition), known.writtenRecoveryPoint(partition), memory, throttle);
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
            if (stop.getCount() > 0 && !partition.isDeleted()) {
                totals.addFailure(System.nanoTime() - start);
                fail(partition, before, e);
            }
        }
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
                .findUpkeep()
                .map(PartitionUpkeep::compaction)
                .filter(one -> one.settings().compact());
    }

    private void pause(long nanos) throws InterruptedException {
        if (stop.await(nanos, TimeUnit.NANOSECONDS)) {
            log.debug("Stopped while waiting for the rate limit");
        }
    }

    private void requireNotStopped() throws IOException {
        if (stop.getCount() == 0) {
            throw new InterruptedIOException("the broker is stopping");
        }
    }
}
