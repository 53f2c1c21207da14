package io.vitrine.partition;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/// Brings what fetches want from the disk into the page cache, on a few threads of its own, before it is read and
/// sent by threads that others share. A connection has one fetch under way at most, so no more are queued than there
/// are connections. Thread-safe.
public final class ColdReads implements AutoCloseable {
    private final ExecutorService readers;
    private final LongAdder fetches = new LongAdder();
    private final LongAdder bytes = new LongAdder();

    /// @param threads how many disks reads wait side by side
    ColdReads(int threads) {
        readers = Executors.newFixedThreadPool(
                threads, Thread.ofPlatform().name("cold-read-", 0).daemon().factory());
    }

    /// A part of a partition that has to be read from the disk.
    public record Part(Partition partition, long offset, int maxBytes) {
        int load() {
            return partition.reads().load(offset, maxBytes);
        }
    }

    /// Loads `parts`, and then has the fetch go on.
    ///
    /// @return completed on one of the readers; whoever cancels it spares them what they have not begun
    public <T> CompletableFuture<T> load(List<Part> parts, Supplier<T> goOn) {
        var result = new CompletableFuture<T>();
        readers.execute(() -> run(parts, goOn, result));
        return result;
    }

    /// Fetches that had to wait for the disk.
    public long fetchCount() {
        return fetches.sum();
    }

    /// Bytes that were loaded for them.
    public long loadedBytes() {
        return bytes.sum();
    }

    /// Ends the threads. Nobody is interrupted, which would close files.
    @Override
    public void close() {
        readers.shutdown();
    }

    private <T> void run(List<Part> parts, Supplier<T> goOn, CompletableFuture<T> result) {
        try {
            fetches.increment();
            for (var part : parts) {
                if (result.isDone()) {
                    return;
                }
                bytes.add(part.load());
            }
            result.complete(goOn.get());
        } catch (RuntimeException | Error e) {
            result.completeExceptionally(e);
        }
    }
}
