package io.vitrine.partition;

import io.vitrine.log.Cleaned;
import java.util.concurrent.atomic.LongAdder;

/// What compaction has done since the start. Thread-safe.
public final class CleanerTotals {
    private final LongAdder runs = new LongAdder();
    private final LongAdder failures = new LongAdder();
    private final LongAdder nanos = new LongAdder();
    private final LongAdder bytesRead = new LongAdder();
    private final LongAdder bytesWritten = new LongAdder();
    private final LongAdder recordsRead = new LongAdder();
    private final LongAdder recordsKept = new LongAdder();

    /// Compactions that went well.
    public long runs() {
        return runs.sum();
    }

    /// Compactions that did not.
    public long failures() {
        return failures.sum();
    }

    /// Time spent.
    public long nanos() {
        return nanos.sum();
    }

    /// Bytes of the segments that were rewritten.
    public long bytesRead() {
        return bytesRead.sum();
    }

    public long bytesWritten() {
        return bytesWritten.sum();
    }

    public long recordsKept() {
        return recordsKept.sum();
    }

    public long recordsDropped() {
        return Math.max(0, recordsRead.sum() - recordsKept.sum());
    }

    void add(Cleaned.Stats stats, long nanosTaken) {
        runs.increment();
        nanos.add(nanosTaken);
        bytesRead.add(stats.bytesRead());
        bytesWritten.add(stats.bytesWritten());
        recordsRead.add(stats.recordsRead());
        recordsKept.add(stats.recordsKept());
    }

    void addFailure(long nanosTaken) {
        failures.increment();
        nanos.add(nanosTaken);
    }
}
