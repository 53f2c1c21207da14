package io.vitrine.transaction;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/// The transactions whose end is being written to their partitions, and who waits for that. A producer begins its next
/// transaction while that is under way: it is let wait a moment, rather than sent away to ask again. Thread-safe.
final class Completions {
    private static final long MAX_WAIT_MS = 500;

    private final ConcurrentHashMap<String, CompletableFuture<Void>> running = new ConcurrentHashMap<>();

    void begin(String transactionalId) {
        running.putIfAbsent(transactionalId, new CompletableFuture<>());
    }

    void end(String transactionalId) {
        var waited = running.remove(transactionalId);
        if (waited != null) {
            waited.complete(null);
        }
    }

    /// Completed when the transaction is complete, or has not been for a while.
    CompletableFuture<Void> await(String transactionalId) {
        var waited = running.get(transactionalId);
        return waited == null
                ? CompletableFuture.completedFuture(null)
                : waited.copy().completeOnTimeout(null, MAX_WAIT_MS, TimeUnit.MILLISECONDS);
    }

    /// Lets go whoever waits.
    void clear() {
        running.keySet().forEach(this::end);
    }
}
