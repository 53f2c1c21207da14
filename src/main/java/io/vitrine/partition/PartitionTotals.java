package io.vitrine.partition;

import io.vitrine.record.RecordBatch;
import java.util.concurrent.atomic.LongAdder;

/// What went into one partition, or into several, and out again since the start.
public final class PartitionTotals {
    private final LongAdder records = new LongAdder();
    private final LongAdder bytes = new LongAdder();
    private final LongAdder batches = new LongAdder();
    private final LongAdder fetchedBytes = new LongAdder();
    private final LongAdder segmentsRolled = new LongAdder();

    void add(RecordBatch batch) {
        records.add(batch.recordCount());
        bytes.add(batch.sizeInBytes());
        batches.increment();
    }

    /// Takes over what another has counted, whose partition is here no more.
    void add(PartitionTotals other) {
        records.add(other.records());
        bytes.add(other.bytes());
        batches.add(other.batches());
        fetchedBytes.add(other.fetchedBytes());
        segmentsRolled.add(other.segmentsRolled());
    }

    void addRoll() {
        segmentsRolled.increment();
    }

    /// Notes bytes of batches that a client is sent.
    public void addFetched(int sizeInBytes) {
        fetchedBytes.add(sizeInBytes);
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

    /// Bytes of batches that clients were sent.
    public long fetchedBytes() {
        return fetchedBytes.sum();
    }

    public long batches() {
        return batches.sum();
    }
}
