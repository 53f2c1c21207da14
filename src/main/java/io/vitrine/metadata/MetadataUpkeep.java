package io.vitrine.metadata;

import java.io.Closeable;
import java.io.IOException;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Writes a checkpoint when one is due and has retention look at what may go, on a thread of its own: a change of the
/// metadata never waits for either. Nothing happens before [#start()].
///
/// A checkpoint is due when enough has been written since the last one, or when something has and the last one is old
/// enough. What fails is logged and tried again later; the log has everything, so nothing is lost.
final class MetadataUpkeep implements Closeable {
    private static final Logger LOG = LoggerFactory.getLogger(MetadataUpkeep.class);
    private static final long LONGEST_PAUSE_MS = 30_000;
    private static final long SHORTEST_PAUSE_MS = 100;
    private static final long RETRY_PAUSE_MS = 60_000;
    private static final long STOP_LIMIT_S = 10;

    private final MetadataWriter writer;
    private final CheckpointStore checkpoints;
    private final MetadataRetention retention;
    private final MetadataLogSettings settings;
    private final Clock clock;
    private final AtomicBoolean isQueued = new AtomicBoolean();
    private final Object running = new Object();
    private @Nullable ScheduledExecutorService thread;
    private volatile CheckpointStatus status;
    private long retryAtMs;

    /// @param base the checkpoint that was read when the log was opened
    MetadataUpkeep(
            MetadataWriter writer,
            CheckpointStore checkpoints,
            MetadataRetention retention,
            Optional<Checkpoint> base,
            Clock clock) {
        this.writer = writer;
        this.checkpoints = checkpoints;
        this.retention = retention;
        this.settings = writer.settings();
        this.clock = clock;
        this.status = CheckpointStatus.atStart(base, clock.millis());
    }

    /// Begins to look after the log by itself.
    synchronized void start() {
        var executor = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().name("metadata-upkeep").daemon().factory());
        thread = executor;
        long pauseMs = LONGEST_PAUSE_MS;
        if (settings.maxCheckpointIntervalMs() > 0) {
            pauseMs = Math.clamp(settings.maxCheckpointIntervalMs() / 4, SHORTEST_PAUSE_MS, LONGEST_PAUSE_MS);
        }
        executor.scheduleWithFixedDelay(this::run, 0, pauseMs, TimeUnit.MILLISECONDS);
        writer.addListener(_ -> appended());
    }

    /// How the last checkpoint went, for those who watch.
    CheckpointStatus status() {
        return status;
    }

    /// Does what is due at this moment, on the caller's thread.
    void runOnce() throws IOException {
        synchronized (running) {
            checkpoints.deleteParts();
            if (isDue(clock.millis())) {
                writeCheckpoint();
            }
            retention.clean(clock.millis());
        }
    }

    /// Writes a checkpoint now, whether one is due or not.
    ///
    /// @return empty if it would say nothing new, or if a transaction is open that it would tear apart
    Optional<Checkpoint> writeCheckpoint() throws IOException {
        synchronized (running) {
            Optional<Snapshot> snapshot = writer.beginCheckpoint(status.endOffset());
            if (snapshot.isEmpty()) {
                return Optional.empty();
            }
            long begin = System.nanoTime();
            var checkpoint = checkpoints.write(snapshot.get());
            long durationMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);
            status = status.written(checkpoint.endOffset(), clock.millis(), durationMs);
            LOG.info("Wrote {} in {} ms", checkpoint.name(), durationMs);
            return Optional.of(checkpoint);
        }
    }

    @Override
    public void close() {
        @Nullable ScheduledExecutorService stopped;
        synchronized (this) {
            stopped = thread;
            thread = null;
        }
        if (stopped == null) {
            return;
        }
        // Never interrupted: what it has begun is short, and a crash in it would do no harm either.
        stopped.shutdown();
        try {
            if (!stopped.awaitTermination(STOP_LIMIT_S, TimeUnit.SECONDS)) {
                LOG.warn("A checkpoint was still being written when the broker stopped");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Called under the lock of the changes.
    private void appended() {
        if (bytesSince() >= settings.maxBytesBetweenCheckpoints() && isQueued.compareAndSet(false, true)) {
            submit();
        }
    }

    private synchronized void submit() {
        if (thread == null) {
            return;
        }
        try {
            thread.execute(this::run);
        } catch (RejectedExecutionException e) {
            LOG.debug("No checkpoint any more, the broker stops", e);
        }
    }

    private void run() {
        isQueued.set(false);
        if (clock.millis() < retryAtMs) {
            return;
        }
        try {
            runOnce();
        } catch (IOException | RuntimeException e) {
            retryAtMs = clock.millis() + RETRY_PAUSE_MS;
            status = status.failed(String.valueOf(e.getMessage()));
            LOG.error("The metadata log could not be looked after; the next attempt is in a minute", e);
        }
    }

    private boolean isDue(long nowMs) {
        if (writer.extent().endOffset() <= status.endOffset()) {
            return false;
        }
        boolean isOld = settings.maxCheckpointIntervalMs() > 0
                && nowMs - status.writtenAtMs() >= settings.maxCheckpointIntervalMs();
        return isOld || bytesSince() >= settings.maxBytesBetweenCheckpoints() || isNewestDamaged();
    }

    /// Is there a newer one than the one that could be read?
    private boolean isNewestDamaged() {
        var all = checkpoints.all();
        return !all.isEmpty() && all.getLast().endOffset() > status.endOffset();
    }

    private long bytesSince() {
        return writer.extent().sizeFrom(status.endOffset());
    }
}
