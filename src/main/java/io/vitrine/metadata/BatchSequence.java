package io.vitrine.metadata;

import io.vitrine.record.RecordBatch;

/// What holds from one batch of the metadata log to the next: no offset is missing and no leader epoch goes back.
/// Both fields lie outside the checksum, so this is all that guards them.
final class BatchSequence {
    private long nextOffset;
    private int epoch;
    private int batchCount;

    /// A sequence that begins anywhere from `firstOffset` on.
    static BatchSequence from(long firstOffset, int epoch) {
        var sequence = new BatchSequence();
        sequence.nextOffset = firstOffset;
        sequence.epoch = epoch;
        return sequence;
    }

    /// Takes the batch that `scanner` has just read.
    void accept(RecordBatch batch, BatchScanner scanner) throws MetadataException {
        long baseOffset = batch.baseOffset();
        // The first batch of a log may come after the offset its file is named after.
        if (baseOffset < nextOffset || (baseOffset > nextOffset && batchCount > 0)) {
            throw scanner.damaged("base offset %d where %d comes next".formatted(baseOffset, nextOffset));
        }
        if (batch.partitionLeaderEpoch() < epoch) {
            throw scanner.damaged("leader epoch %d after epoch %d".formatted(batch.partitionLeaderEpoch(), epoch));
        }
        if (batch.recordCount() < 1 || batch.lastOffsetDelta() != batch.recordCount() - 1) {
            throw scanner.damaged("%d records, but a last offset delta of %d"
                    .formatted(batch.recordCount(), batch.lastOffsetDelta()));
        }
        if (baseOffset > Long.MAX_VALUE - batch.recordCount()) {
            throw scanner.damaged("base offset %d is out of range".formatted(baseOffset));
        }
        nextOffset = batch.nextOffset();
        epoch = batch.partitionLeaderEpoch();
        batchCount++;
    }

    long nextOffset() {
        return nextOffset;
    }

    int epoch() {
        return epoch;
    }

    int batchCount() {
        return batchCount;
    }
}
