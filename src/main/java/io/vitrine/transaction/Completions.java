package io.vitrine.transaction;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/// The transactions whose end is being written to their partitions, and who waits for that. A producer begins its next
/// transaction while that is under way: it is let wait a moment, rather than sent away to ask again.
///
/// Of one transactional id, only who has begun last ends a transaction: a partition of `__transaction_state` that is
/// given up and served again has what is prepared in it ended anew, while attempts from before may be under way.
/// Thread-safe.
final class Completions {
    private static final long MAX_WAIT_MS = 500;

    private final ConcurrentHashMap<Key, Ending> running = new ConcurrentHashMap<>();

    private record Key(int partition, String transactionalId) {
        static Key of(Prepared prepared) {
            return new Key(prepared.partition(), prepared.entry().transactionalId());
        }
    }

    /// A transaction that somebody ends.
    static final class Ending {
        private final Prepared prepared;
        private final CompletableFuture<Void> ended = new CompletableFuture<>();

        private Ending(Prepared prepared) {
            this.prepared = prepared;
        }

        Prepared prepared() {
            return prepared;
        }

        private boolean isOlderThan(Ending other) {
            return prepared.entry().lastUpdateMs() < other.prepared.entry().lastUpdateMs();
        }

        private Ending insteadOf(Ending before) {
            ended.whenComplete((_, _) -> before.ended.complete(null));
            return this;
        }
    }

    /// Begins to end a transaction. Who was about to end it, or one before it, is to leave it.
    Ending begin(Prepared prepared) {
        var begun = new Ending(prepared);
        running.merge(
                Key.of(prepared), begun, (before, next) -> next.isOlderThan(before) ? before : next.insteadOf(before));
        return begun;
    }

    /// Is it still this one that ends the transaction?
    boolean isUnderWay(Ending ending) {
        return ending.equals(running.get(Key.of(ending.prepared())));
    }

    void end(Ending ending) {
        if (running.remove(Key.of(ending.prepared()), ending)) {
            ending.ended.complete(null);
        }
    }

    /// Completed when the transaction is complete, or has not been for a while.
    ///
    /// @param partition of `__transaction_state`
    CompletableFuture<Void> await(int partition, String transactionalId) {
        var waited = running.get(new Key(partition, transactionalId));
        return waited == null
                ? CompletableFuture.completedFuture(null)
                : waited.ended.copy().completeOnTimeout(null, MAX_WAIT_MS, TimeUnit.MILLISECONDS);
    }

    /// Lets go whoever waits.
    void clear() {
        running.values().forEach(this::end);
    }
}
