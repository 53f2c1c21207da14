package io.vitrine.server;

import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/// Bytes that all connections together may hold. Whoever gets none waits and is called when some are given back. One
/// holder at a time may go over the limit: without it, requests that are all half complete could wait for each other.
/// Thread-safe.
final class MemoryBudget {
    private final long limit;
    private final Queue<Runnable> waiting = new ArrayDeque<>();
    private long used;
    private Object privileged = this;

    MemoryBudget(long limit) {
        this.limit = limit;
    }

    /// Takes bytes for `holder`; false if there are none, and then `whenFree` is run once, some time later, by
    /// whoever gives bytes back.
    synchronized boolean acquire(long bytes, Object holder, Runnable whenFree) {
        if (used + bytes > limit && privileged.equals(this)) {
            privileged = holder;
        }
        if (used + bytes <= limit || privileged.equals(holder)) {
            used += bytes;
            return true;
        }
        waiting.add(whenFree);
        return false;
    }

    /// Gives back what `holder` has taken.
    void release(long bytes, Object holder) {
        for (var next = giveBack(bytes, holder); next != null; next = nextWaiting()) {
            next.run();
        }
    }

    /// Bytes not taken; 0 if more are taken than allowed.
    synchronized long available() {
        return Math.max(0, limit - used);
    }

    private synchronized @Nullable Runnable giveBack(long bytes, Object holder) {
        used -= bytes;
        if (privileged.equals(holder)) {
            privileged = this;
        }
        return waiting.poll();
    }

    private synchronized @Nullable Runnable nextWaiting() {
        return waiting.poll();
    }
}
