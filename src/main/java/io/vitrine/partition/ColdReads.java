package io.vitrine.partition;

import io.vitrine.log.LogSlice;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/// Brings what fetches want from the disk into the page cache and reads it, on a few threads of its own, so that
/// nobody has to who serves others too. A connection has one fetch under way at most, and a load that is cancelled
/// leaves the queue, so no more are queued than there are connections, even while a disk hangs. Thread-safe.
public final class ColdReads implements AutoCloseable {
    private final int threads;
    private final ExecutorService readers;
    private final LongAdder fetches = new LongAdder();
    private final LongAdder bytes = new LongAdder();
    // Guarded by `this`, as is `working`.
    private final Set<Load> waiting = new LinkedHashSet<>();
    private int working;

    /// @param threads how many disks reads wait side by side
    ColdReads(int threads) {
        this.threads = threads;
        this.readers = Executors.newFixedThreadPool(
                threads, Thread.ofPlatform().name("cold-read-", 0).daemon().factory());
    }

    /// A part of a partition that has to be read from the disk.
    public record Part(Partition partition, long offset, int maxBytes, Isolation isolation) {}

    /// A part, and what the log had there.
    public record Loaded(Part part, ReadOutcome<LogSlice> outcome) {}

    private record Load(List<Part> parts, CompletableFuture<List<Loaded>> result) {
        @Override
        public boolean equals(@Nullable Object other) {
            return this == other;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(this);
        }
    }

    /// Loads `parts` and reads them.
    ///
    /// @return completed on one of the readers; whoever cancels it spares them what they have not begun
    public CompletableFuture<List<Loaded>> load(List<Part> parts) {
        var load = new Load(parts, new CompletableFuture<>());
        load.result.whenComplete((_, _) -> withdraw(load));
        if (add(load)) {
            readers.execute(this::work);
        }
        return load.result;
    }

    /// Fetches that had to wait for the disk.
    public long fetchCount() {
        return fetches.sum();
    }

    /// Bytes that were loaded for them.
    public long loadedBytes() {
        return bytes.sum();
    }

    /// Fetches whose turn has not come yet.
    public synchronized int waitingCount() {
        return waiting.size();
    }

    /// Ends the threads, when they have done what they are at. Nobody is interrupted, which would close files.
    @Override
    public void close() {
        synchronized (this) {
            waiting.clear();
        }
        readers.shutdown();
    }

    /// @return does it need another thread?
    private synchronized boolean add(Load load) {
        waiting.add(load);
        boolean needsThread = working < threads;
        if (needsThread) {
            working++;
        }
        return needsThread;
    }

    private synchronized void withdraw(Load load) {
        waiting.remove(load);
    }

    private void work() {
        for (var load = next(); load != null; load = next()) {
            run(load);
        }
    }

    private synchronized @Nullable Load next() {
        var all = waiting.iterator();
        if (!all.hasNext()) {
            working--;
            return null;
        }
        var first = all.next();
        all.remove();
        return first;
    }

    private void run(Load load) {
        try {
            fetches.increment();
            var loaded = new ArrayList<Loaded>();
            for (var part : load.parts) {
                if (load.result.isDone()) {
                    return;
                }
                var reads = part.partition().reads();
                bytes.add(reads.load(part.offset(), part.maxBytes(), part.isolation()));
                loaded.add(new Loaded(part, reads.fetch(part.offset(), part.maxBytes(), part.isolation())));
            }
            load.result.complete(loaded);
        } catch (RuntimeException | Error e) {
            load.result.completeExceptionally(e);
        }
    }
}
