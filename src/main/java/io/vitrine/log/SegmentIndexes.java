package io.vitrine.log;

import io.vitrine.record.RecordBatch;

/// The two indexes of a segment, and the rules by which batches get entries. They are Apache Kafka's, so that the
/// files are the same byte for byte:
///
/// - A batch that begins more than `index.interval.bytes` behind the last one with an entry (or behind the segment's
///   first byte) gets one: its last offset and its position.
/// - Together with it the time index gets the greatest timestamp so far, that of this batch included, with the last
///   offset of the first batch that has it, if it is greater than that of the last entry.
/// - When the segment is closed, the time index gets the greatest timestamp in the same way.
///
/// What is made from a segment's batches depends on them alone, be they added while they are appended, by reading the
/// segment again, or partly so. Thread-safe for one thread that adds and others that ask.
final class SegmentIndexes {
    private final long baseOffset;
    private final int indexIntervalBytes;
    private final int maxIndexBytes;
    private final OffsetIndex offsets;
    private final TimeIndex times;
    private long maxTimestamp;
    private long offsetOfMaxTimestamp;

    /// The indexes of an empty segment, or of one that is about to be read from its first byte.
    ///
    /// @param maxIndexBytes size at which an index is full (`segment.index.bytes`)
    SegmentIndexes(long baseOffset, int indexIntervalBytes, int maxIndexBytes) {
        this(baseOffset, indexIntervalBytes, maxIndexBytes, new OffsetIndex(baseOffset), new TimeIndex(baseOffset));
    }

    /// Indexes to go on with. Batches that they do not cover yet are to be added: all of an unfinished segment that
    /// begin behind the last entry of `offsets`, none of one whose time index was completed.
    SegmentIndexes(long baseOffset, int indexIntervalBytes, int maxIndexBytes, OffsetIndex offsets, TimeIndex times) {
        this.baseOffset = baseOffset;
        this.indexIntervalBytes = indexIntervalBytes;
        this.maxIndexBytes = maxIndexBytes;
        this.offsets = offsets;
        this.times = times;
        var last = times.last().orElse(new TimeIndexEntry(RecordBatch.NO_TIMESTAMP, baseOffset));
        this.maxTimestamp = last.timestamp();
        this.offsetOfMaxTimestamp = last.offset();
    }

    /// Takes note of the batch that begins at `position`. To be called for each batch, in order.
    synchronized void add(RecordBatch batch, int position) {
        if (batch.maxTimestamp() > maxTimestamp) {
            maxTimestamp = batch.maxTimestamp();
            offsetOfMaxTimestamp = batch.lastOffset();
        }
        if (position - offsets.lastPosition() > indexIntervalBytes) {
            offsets.add(batch.lastOffset(), position);
            times.maybeAdd(maxTimestamp, offsetOfMaxTimestamp);
        }
    }

    /// Must the segment be closed before the next batch, because an index has no room for it? The time index keeps
    /// room for the entry that completes it. Adding to a full index does no harm to us.
    boolean isFull() {
        return offsets.count() >= maxIndexBytes / OffsetIndex.ENTRY_SIZE_IN_BYTES
                || times.count() >= maxIndexBytes / TimeIndex.ENTRY_SIZE_IN_BYTES - 1;
    }

    /// Can an index of this segment hold `offset`? A batch whose last offset it can't must begin a new segment.
    boolean canHold(long offset) {
        return offset >= baseOffset && offset - baseOffset <= Integer.MAX_VALUE;
    }

    /// Gives the time index its final entry, when the segment is closed, be it because the next one begins or because
    /// the log is closed in order. Doing it again changes nothing.
    synchronized void complete() {
        times.maybeAdd(maxTimestamp, offsetOfMaxTimestamp);
    }

    /// The greatest timestamp in the segment; -1 if there is none.
    synchronized long maxTimestamp() {
        return maxTimestamp;
    }

    /// The last offset of the first batch that has the greatest timestamp; the base offset if there is none.
    synchronized long offsetOfMaxTimestamp() {
        return offsetOfMaxTimestamp;
    }

    OffsetIndex offsets() {
        return offsets;
    }

    TimeIndex times() {
        return times;
    }
}
