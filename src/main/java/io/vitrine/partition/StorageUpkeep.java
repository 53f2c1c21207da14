package io.vitrine.partition;

import io.vitrine.log.LogDirectory;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What is done to all logs now and then, on a thread of its own: checkpoints, retention, deleting files that were
/// put aside, forgetting producers, flushing what has been unforced for too long. One log's trouble does not keep the
/// others from it.
final class StorageUpkeep implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(StorageUpkeep.class);
    private static final long NEVER = Long.MAX_VALUE;
    // Kafka never looks unless told how often, so that flush.ms alone does nothing there.
    private static final long MAX_FLUSH_LOOK_MS = 1000;
    private static final long BRING_BACK_MS = 1000;

    private final StorageTasks tasks;
    private final Supplier<Collection<Partition>> partitions;
    private final Map<LogDirectory, DirectoryCheckpoints> checkpoints;
    private final Clock clock;
    private final ScheduledThreadPoolExecutor executor;
    private final LongAdder segmentsDeleted = new LongAdder();

    StorageUpkeep(
            StorageTasks tasks,
            Supplier<Collection<Partition>> partitions,
            Map<LogDirectory, DirectoryCheckpoints> checkpoints,
            Clock clock) {
        this.tasks = tasks;
        this.partitions = partitions;
        this.checkpoints = checkpoints;
        this.clock = clock;
        this.executor = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().name("log-upkeep").daemon().factory());
        executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    /// Begins. What deletes waits a while, so that nobody loses an old directory by merely starting a broker on it.
    void start() {
        every(tasks.recoveryPointMs(), "checkpointing", this::checkpoint);
        every(tasks.logStartMs(), "checkpointing log starts", this::writeLogStarts);
        every(tasks.highWatermarkMs(), "checkpointing high watermarks", this::writeHighWatermarks);
        every(tasks.retentionMs(), "retention", this::retain);
        every(tasks.producerExpirationMs(), "forgetting producers", this::forgetProducers);
        every(Math.min(tasks.flushMs(), MAX_FLUSH_LOOK_MS), "flushing", this::flush);
        executor.scheduleWithFixedDelay(
                guarded("bringing logs back", this::bringBack), BRING_BACK_MS, BRING_BACK_MS, TimeUnit.MILLISECONDS);
    }

    /// Segments that retention has taken away.
    long segmentsDeleted() {
        return segmentsDeleted.sum();
    }

    /// Raises log starts and deletes what lies before them, now.
    void retain() {
        long nowMs = clock.millis();
        var changed = new ArrayList<Partition>();
        forEach("retention", partition -> {
            if (upkeep(partition).retain(nowMs)) {
                changed.add(partition);
            }
        });
        if (!changed.isEmpty()) {
            removeSegments(changed);
        }
    }

    /// Does to one log what [#retain()] does to all.
    ///
    /// @return how many segments were taken away
    int retain(Partition partition) throws IOException {
        return upkeep(partition).retain(clock.millis()) ? removeSegments(List.of(partition)) : 0;
    }

    /// Deletes what lies before the log start of these partitions, after the log starts have been written down:
    /// should the machine stop between two files, the next start goes on with it.
    ///
    /// @return how many segments were taken away
    int removeSegments(Collection<Partition> changed) {
        for (var partition : changed) {
            // What is not durable is not deleted.
            attempt(partition, "forcing", one -> one.storage().checkpoint());
        }
        writeLogStarts();
        long nowMs = clock.millis();
        var total = new AtomicInteger();
        for (var partition : changed) {
            attempt(partition, "deleting segments", one -> {
                int count = upkeep(one).removeSegments(nowMs);
                total.addAndGet(count);
                segmentsDeleted.add(count);
                if (count > 0) {
                    log.info("{}: {} segments deleted, the log starts at {}", one.name(), count, logStart(one));
                }
            });
        }
        long delayMs = changed.stream()
                .flatMap(partition -> partition.storage().findUpkeep().stream())
                .mapToLong(PartitionUpkeep::fileDeleteDelayMs)
                .max()
                .orElse(0);
        later("deleting files", delayMs, this::purge);
        return total.get();
    }

    /// Does something once, after a while; not if the broker stops before.
    void later(String what, long delayMs, Runnable task) {
        try {
            executor.schedule(guarded(what, task), delayMs, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            log.debug("{}: not any more", what, e);
        }
    }

    /// Writes all checkpoints, after having forced what they speak of.
    void checkpoint() {
        forEach("checkpointing", partition -> {
            partition.storage().checkpoint();
            upkeep(partition).releaseIfIdle();
        });
        writeRecoveryPoints();
    }

    void writeRecoveryPoints() {
        checkpoints.values().forEach(directory -> directory.writeRecoveryPoints(partitions.get()));
    }

    void writeLogStarts() {
        checkpoints.values().forEach(directory -> directory.writeLogStarts(partitions.get()));
    }

    /// Has it been written down that a log starts there, or later? Then a restart brings nothing back.
    boolean isLogStartWritten(Partition partition, long offset) {
        var directory = checkpoints.get(partition.logDirectory());
        return directory != null && directory.writtenLogStart(partition) >= offset;
    }

    void writeHighWatermarks() {
        checkpoints.values().forEach(directory -> directory.writeHighWatermarks(partitions.get()));
    }

    /// Ends; what is at work is finished.
    @Override
    public void close() {
        executor.shutdown();
        try {
            if (!executor.awaitTermination(1, TimeUnit.MINUTES)) {
                log.warn("The upkeep of the logs was still at work when the broker stopped");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void purge() {
        forEach("deleting files", partition -> upkeep(partition).purge(clock.millis()));
    }

    private void forgetProducers() {
        forEach("forgetting producers", partition -> {
            upkeep(partition).forgetProducers(clock.millis());
            partition.transactions().forgetTickets(clock.millis());
        });
    }

    /// A full disk is no reason to wait for the first of the other tasks, or for a restart.
    private void bringBack() {
        partitions.get().forEach(partition -> partition.storage().bringBack());
    }

    private void flush() {
        forEach("flushing", partition -> partition.appends().flushIfOld());
    }

    /// Something that may meet a disk that fails.
    @FunctionalInterface
    private interface Task {
        void run(Partition partition) throws IOException;
    }

    private void forEach(String what, Task task) {
        for (var partition : partitions.get()) {
            attempt(partition, what, task);
        }
    }

    private static void attempt(Partition partition, String what, Task task) {
        if (partition.storage().findUpkeep().isEmpty()) {
            return;
        }
        try {
            task.run(partition);
        } catch (IOException | RuntimeException e) {
            if (partition.isDeleted()) {
                log.debug("{}: {} ended with its topic", partition.name(), what, e);
                return;
            }
            log.warn("{}: {} failed: {}", partition.name(), what, e.toString());
        }
    }

    private static PartitionUpkeep upkeep(Partition partition) {
        return partition.storage().findUpkeep().orElseThrow();
    }

    private static long logStart(Partition partition) {
        return partition.findOffsets().orElseThrow().logStartOffset();
    }

    private void every(long periodMs, String what, Runnable task) {
        if (periodMs == NEVER) {
            return;
        }
        executor.scheduleWithFixedDelay(
                guarded(what, task), Math.max(tasks.initialDelayMs(), 0), Math.max(periodMs, 1), TimeUnit.MILLISECONDS);
    }

    /// What a task throws would end it for ever, and nobody would hear of it.
    private static Runnable guarded(String what, Runnable task) {
        return () -> {
            try {
                task.run();
            } catch (RuntimeException | Error e) {
                log.error("{} failed", what, e);
            }
        };
    }
}
