package io.vitrine.partition;

import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Forces partitions to disk for all appends that wait for it: while one fsync runs, others gather behind it and
/// share the next. One thread of its own; callers never block.
final class GroupCommit implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(GroupCommit.class);

    // Empty means: end.
    private final BlockingQueue<Optional<Partition>> queue = new LinkedBlockingQueue<>();
    private final LongAdder flushes = new LongAdder();
    private final Thread thread;

    GroupCommit() {
        thread = Thread.ofPlatform().name("group-commit").daemon().start(this::run);
    }

    /// Has `partition` flushed soon. A partition asks once and is silent until its flush has begun.
    void schedule(Partition partition) {
        queue.add(Optional.of(partition));
    }

    /// Flushes done so far.
    long flushCount() {
        return flushes.sum();
    }

    /// Finishes what is queued and ends the thread.
    @Override
    public void close() {
        queue.add(Optional.empty());
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    // One partition's trouble must not end the flushing of all others.
    private static void flush(Partition partition) {
        try {
            partition.flush();
        } catch (RuntimeException e) {
            log.error("{}: flushing failed", partition.name(), e);
        }
    }

    private void run() {
        try {
            for (var next = queue.take(); next.isPresent(); next = queue.take()) {
                // Counted first: whoever has been answered finds the flush that answered it.
                flushes.increment();
                flush(next.get());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
