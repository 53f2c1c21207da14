package io.vitrine.record;

import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.NoSuchElementException;

/// Consecutive whole batches read from a log, and where they lie in it.
///
/// @param bytes the batches, from index 0 to the limit; the last one may be cut where a reader asked for no more
/// @param segmentBaseOffset names the segment file that holds them
/// @param position byte in that file at which the first batch begins
public record BatchSlice(ByteBuffer bytes, long segmentBaseOffset, long position) {
    /// The batches that are here as a whole, in order.
    public Iterable<RecordBatch> batches() {
        return () -> new Iterator<>() {
            private int next;

            @Override
            public boolean hasNext() {
                int left = bytes.limit() - next;
                if (left < RecordBatch.HEADER_SIZE_IN_BYTES) {
                    return false;
                }
                int length = RecordBatch.at(bytes, next).batchLength();
                return length >= 0 && length <= left - RecordBatch.LENGTH_OVERHEAD;
            }

            @Override
            public RecordBatch next() {
                if (!hasNext()) {
                    throw new NoSuchElementException();
                }
                var batch = RecordBatch.at(bytes, next);
                next += batch.sizeInBytes();
                return batch;
            }
        };
    }

    /// Byte in the segment file at which `batch`, one of these, begins.
    public long positionOf(RecordBatch batch) {
        return position + batch.start();
    }

    public boolean isEmpty() {
        return !bytes.hasRemaining();
    }
}
