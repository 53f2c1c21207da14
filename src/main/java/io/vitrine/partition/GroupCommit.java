package io.vitrine.partition;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Forces partitions to disk for all appends that wait for it: while one fsync of a partition runs, others gather
/// behind it and share the next. Fsyncs of several partitions run side by side, because file systems make one commit
/// of those that come together. Threads of its own; callers never block.
final class GroupCommit implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(GroupCommit.class);

    // Empty means: end.
    private final BlockingQueue<Optional<Partition>> queue = new LinkedBlockingQueue<>();
    private final LongAdder flushes = new LongAdder();
    private final List<Thread> threads;

    GroupCommit(int threadCount) {
        var builder = Thread.ofPlatform().name("group-commit-", 0).daemon();
        threads = Stream.generate(() -> builder.start(this::run))
                .limit(threadCount)
                .toList();
    }

    /// Has `partition` flushed soon. A partition asks once and is silent until its flush has begun.
    void schedule(Partition partition) {
        queue.add(Optional.of(partition));
    }

    /// Flushes done so far.
    long flushCount() {
        return flushes.sum();
    }

    /// Finishes what is queued and ends the threads.
    @Override
    public void close() {
        threads.forEach(_ -> queue.add(Optional.empty()));
        try {
            for (var thread : threads) {
                thread.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    // One partition's trouble must not end the flushing of all others.
    private static void flush(Partition partition) {
        try {
            partition.appends().flush();
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
