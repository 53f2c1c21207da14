package io.vitrine.partition;

import io.vitrine.record.RecordBatch;
import java.util.concurrent.atomic.LongAdder;

/// What has been appended to one partition since the start.
public final class AppendTotals {
    private final LongAdder records = new LongAdder();
    private final LongAdder bytes = new LongAdder();
    private final LongAdder batches = new LongAdder();
    private final LongAdder segmentsRolled = new LongAdder();

    void add(RecordBatch batch) {
        records.add(batch.recordCount());
        bytes.add(batch.sizeInBytes());
        batches.increment();
    }

    void addRoll() {
        segmentsRolled.increment();
    }

    /// Segments that were closed because they were full or too old.
    public long segmentsRolled() {
        return segmentsRolled.sum();
    }

    public long records() {
        return records.sum();
    }

    public long bytes() {
        return bytes.sum();
    }

    public long batches() {
        return batches.sum();
    }
}
