package io.vitrine.inspect;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/// What those who read whole topics have cost since the start. Thread-safe.
public final class ReadTotals {
    private final LongAdder recordsScanned = new LongAdder();
    private final AtomicInteger open = new AtomicInteger();

    /// Records that were looked at, shown or not.
    public long recordsScanned() {
        return recordsScanned.sum();
    }

    /// Reads that are going on.
    public int open() {
        return open.get();
    }

    void scanned() {
        recordsScanned.increment();
    }

    void opened() {
        open.incrementAndGet();
    }

    void closed() {
        open.decrementAndGet();
    }
}
