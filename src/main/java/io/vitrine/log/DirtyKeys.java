package io.vitrine.log;

import io.vitrine.record.RecordBatch;
import io.vitrine.record.RecordKeys;
import java.io.IOException;

/// Reads the part of a log that has not been compacted yet, and learns the last offset of each key in it, as far as
/// there is room for keys.
final class DirtyKeys {
    private final KeyOffsets keys;
    private final SegmentBatches batches;
    private final long maxUncompressedBytes;
    private TransactionTrail transactions = new TransactionTrail();
    private long firstDirtyOffset;
    private long endOffset;

    DirtyKeys(KeyOffsets keys, SegmentBatches batches, long maxUncompressedBytes) {
        this.keys = keys;
        this.batches = batches;
        this.maxUncompressedBytes = maxUncompressedBytes;
    }

    /// Fills the map anew.
    ///
    /// @return the offset up to which the log has been read, exclusive; the map knows all keys before it
    long read(CompactionSource source, CleanableRange range) throws IOException {
        keys.clear();
        firstDirtyOffset = range.firstDirtyOffset();
        endOffset = firstDirtyOffset;
        transactions = new TransactionTrail();
        transactions.add(source.abortedTransactions(firstDirtyOffset, range.firstUncleanableOffset()));
        var segments = source.segments();
        for (int i = 0; i < segments.size() - 1 && endOffset < range.firstUncleanableOffset(); i++) {
            long nextBaseOffset = segments.get(i + 1).baseOffset();
            if (nextBaseOffset > firstDirtyOffset && !readSegment(segments.get(i), nextBaseOffset)) {
                return endOffset;
            }
        }
        return endOffset;
    }

    /// @return false if the map is full
    private boolean readSegment(CompactionSegment segment, long nextBaseOffset) throws IOException {
        batches.open(segment, nextBaseOffset);
        for (var batch = batches.next(); batch != null; batch = batches.next()) {
            boolean dirty = batch.nextOffset() > firstDirtyOffset;
            // Keys of a batch that can't be read are not used: what is known of them might be wrong.
            if (dirty && RecordKeys.findDamage(batch, maxUncompressedBytes) == null) {
                if (!readBatch(batch)) {
                    return false;
                }
                endOffset = Math.min(batch.nextOffset(), nextBaseOffset);
            }
        }
        // Offsets that are gone from the end of the segment are done with, too.
        endOffset = nextBaseOffset;
        return true;
    }

    private boolean readBatch(RecordBatch batch) throws IOException {
        if (transactions.pass(batch) || batch.attributes().isControl()) {
            return true;
        }
        try (var records = RecordKeys.of(batch, maxUncompressedBytes)) {
            while (records.next()) {
                byte[] key = records.key();
                boolean dirty = records.offset() >= firstDirtyOffset;
                if (dirty && key != null && !keys.put(key, records.offset())) {
                    endOffset = records.offset();
                    return false;
                }
            }
            return true;
        }
    }
}
