package io.vitrine.record;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.function.Predicate;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MemoryRecords.RecordFilter;
import org.apache.kafka.common.record.internal.MemoryRecords.RecordFilter.BatchRetention;
import org.apache.kafka.common.record.internal.MemoryRecords.RecordFilter.BatchRetentionResult;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.utils.internals.BufferSupplier;

/// Takes records out of batches, for compaction. Offsets, timestamps, codec, producer and sequence of a batch stay.
///
/// A batch is read twice: once through a window, to choose; and where it has to be written anew, by Kafka's client
/// library, whose rewriting is what every tool expects. That holds the batch unpacked, so the limits that
/// [BatchRules] sets for a batch that is sent hold here too: one beyond them is kept as it is. Not thread-safe.
public final class BatchFilter {
    private static final int KEPT_BUFFER_BYTES = 1024 * 1024;

    private final long nowMs;
    private final long deleteRetentionMs;
    private final long maxUncompressedBytes;
    private final BufferSupplier buffers = BufferSupplier.create();
    private ByteBuffer target = ByteBuffer.allocate(0);

    /// A batch in which a tombstone stays is marked with the time at which it may go, unless it is marked already.
    ///
    /// @param nowMs the clock
    /// @param deleteRetentionMs `delete.retention.ms`: from now to that time
    /// @param maxUncompressedBytes a batch that unpacks to more is kept as it is
    public BatchFilter(long nowMs, long deleteRetentionMs, long maxUncompressedBytes) {
        this.nowMs = nowMs;
        this.deleteRetentionMs = deleteRetentionMs;
        this.maxUncompressedBytes = maxUncompressedBytes;
    }

    /// What is to become of a batch apart from its records.
    ///
    /// @param keepsEmpty does its header stay when no record does?
    /// @param startsHorizon is it marked with the time at which it may go, even without a tombstone?
    public record Retention(boolean keepsEmpty, boolean startsHorizon) {}

    private record Selection(BitSet kept, int recordsRead, int tombstonesKept, int tombstonesDropped) {
        int recordsKept() {
            return kept.cardinality();
        }
    }

    /// Keeps the records of `batch` that are `wanted`. The predicate is asked once for each, in order, and looks at
    /// the record the keys stand at.
    public FilteredBatch filter(RecordBatch batch, Retention retention, Predicate<RecordKeys> wanted) {
        if (batch.computedCrc() != batch.crc()) {
            return FilteredBatch.damaged(batch, "the checksum does not hold");
        }
        try {
            var selection = select(batch, wanted);
            boolean horizonDue = selection.recordsKept() > 0
                    && (selection.tombstonesKept() > 0 || retention.startsHorizon())
                    && !batch.attributes().hasDeleteHorizon();
            if (selection.recordsKept() == 0 && !retention.keepsEmpty()) {
                return filtered(ByteBuffer.allocate(0), selection);
            }
            if (selection.recordsKept() == selection.recordsRead() && !horizonDue) {
                return filtered(batch.bytes(), selection);
            }
            return filtered(rewrite(batch, retention, selection), selection);
        } catch (IOException e) {
            return FilteredBatch.damaged(batch, String.valueOf(e.getMessage()));
        }
    }

    private Selection select(RecordBatch batch, Predicate<RecordKeys> wanted) throws IOException {
        var kept = new BitSet();
        int tombstonesKept = 0;
        int tombstonesDropped = 0;
        try (var keys = RecordKeys.of(batch, maxUncompressedBytes)) {
            while (keys.next()) {
                boolean keeps = wanted.test(keys);
                kept.set(keys.index(), keeps);
                if (!keys.hasValue()) {
                    tombstonesKept += keeps ? 1 : 0;
                    tombstonesDropped += keeps ? 0 : 1;
                }
            }
            return new Selection(kept, keys.index(), tombstonesKept, tombstonesDropped);
        }
    }

    private ByteBuffer rewrite(RecordBatch batch, Retention retention, Selection selection) throws IOException {
        reserve(batch.sizeInBytes());
        var rewriting = new Rewriting(this, retention, selection.kept());
        int maxRecordBytes =
                (int) Math.min(Integer.MAX_VALUE / 2, BatchRules.limit(maxUncompressedBytes, batch.sizeInBytes()));
        try {
            var result =
                    MemoryRecords.readableRecords(batch.bytes()).filterTo(rewriting, target, buffers, maxRecordBytes);
            // Recompressed by another library it may have become larger, in a buffer of Kafka's then.
            return result.outputBuffer().flip();
        } catch (RuntimeException e) {
            throw new IOException("it can't be rewritten: " + e.getMessage(), e);
        }
    }

    /// Makes room for `count` bytes. An uncommonly large buffer is not held on to.
    private void reserve(int count) {
        boolean tooSmall = target.capacity() < count;
        boolean tooLarge = target.capacity() > KEPT_BUFFER_BYTES && count <= KEPT_BUFFER_BYTES;
        if (tooSmall || tooLarge) {
            target = ByteBuffer.allocate(Math.max(count, KEPT_BUFFER_BYTES));
        }
        target.clear();
    }

    private static FilteredBatch filtered(ByteBuffer bytes, Selection selection) {
        return new FilteredBatch(
                bytes, selection.recordsRead(), selection.recordsKept(), selection.tombstonesDropped(), null);
    }

    /// Answers Kafka's questions with what has been chosen.
    private static final class Rewriting extends RecordFilter {
        private final Retention retention;
        private final BitSet kept;
        private int index;

        Rewriting(BatchFilter filter, Retention retention, BitSet kept) {
            super(filter.nowMs, filter.deleteRetentionMs);
            this.retention = retention;
            this.kept = kept;
        }

        @Override
        protected BatchRetentionResult checkBatchRetention(org.apache.kafka.common.record.internal.RecordBatch batch) {
            return new BatchRetentionResult(
                    retention.keepsEmpty() ? BatchRetention.RETAIN_EMPTY : BatchRetention.DELETE_EMPTY,
                    retention.startsHorizon());
        }

        @Override
        protected boolean shouldRetainRecord(org.apache.kafka.common.record.internal.RecordBatch batch, Record record) {
            return kept.get(index++);
        }
    }
}
