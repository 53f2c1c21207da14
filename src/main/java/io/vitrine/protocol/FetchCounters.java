package io.vitrine.protocol;

import java.util.concurrent.atomic.LongAdder;

/// What serving fetches has taken since the start. Thread-safe.
public final class FetchCounters {
    private final LongAdder passes = new LongAdder();
    private final LongAdder passNanos = new LongAdder();
    private final LongAdder partitions = new LongAdder();
    private final LongAdder waits = new LongAdder();
    private final LongAdder expired = new LongAdder();

    /// Counts one look at the partitions of a fetch.
    ///
    /// @param looked at how many of them
    public void countPass(int looked, long nanos) {
        passes.increment();
        passNanos.add(nanos);
        partitions.add(looked);
    }

    /// Counts a fetch that begins to wait.
    public void countWait() {
        waits.increment();
    }

    /// Counts a fetch whose time was up.
    public void countExpired() {
        expired.increment();
    }

    /// How often the partitions of a fetch were looked at: once for each fetch, and again whenever one that waits is
    /// woken.
    public long passes() {
        return passes.sum();
    }

    public long passNanos() {
        return passNanos.sum();
    }

    /// Partitions that were looked at; an idle session's are not.
    public long partitions() {
        return partitions.sum();
    }

    /// Fetches that had to wait.
    public long waits() {
        return waits.sum();
    }

    /// Fetches that were answered because their time was up.
    public long expired() {
        return expired.sum();
    }
}
