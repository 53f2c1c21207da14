package io.vitrine.log;

import io.vitrine.record.RecordBatch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Goes through closed segments batch by batch, with one buffer. Only a batch that does not fit gets a larger one,
/// for itself alone.
final class SegmentBatches {
    private final Throttle throttle;
    private final ByteBuffer buffer;
    private @Nullable CompactionSegment segment;
    private ByteBuffer chunk;
    private long chunkStart;
    private int next;
    private long endOffset;
    private long minBaseOffset;

    SegmentBatches(int bufferBytes, Throttle throttle) {
        this.throttle = throttle;
        this.buffer = ByteBuffer.allocate(Math.max(bufferBytes, RecordBatch.HEADER_SIZE_IN_BYTES));
        this.chunk = buffer;
    }

    /// Begins with the first batch of `newSegment`.
    ///
    /// @param newEndOffset the segment's offsets are below this
    void open(CompactionSegment newSegment, long newEndOffset) {
        segment = newSegment;
        endOffset = newEndOffset;
        minBaseOffset = newSegment.baseOffset();
        chunk = buffer.limit(0);
        chunkStart = 0;
        next = 0;
    }

    /// The next batch, whole, valid until the next call; null at the end. Its checksum has not been looked at, and
    /// its base offset is the only offset that has.
    ///
    /// @throws DamagedLogException if what follows is no batch
    @Nullable
    RecordBatch next() throws IOException {
        var current = open();
        int left = (int) (current.sizeInBytes() - chunkStart - next);
        if (left == 0) {
            return null;
        }
        if (left < RecordBatch.HEADER_SIZE_IN_BYTES) {
            throw damaged("%d bytes are no batch header".formatted(left));
        }
        load(RecordBatch.HEADER_SIZE_IN_BYTES);
        int size = RecordBatch.at(chunk, next).sizeInBytes();
        if (size < RecordBatch.HEADER_SIZE_IN_BYTES || size > left) {
            throw damaged("a batch of %d bytes where %d are left".formatted(size, left));
        }
        load(size);
        var batch = RecordBatch.at(chunk, next);
        requirePlausible(batch);
        minBaseOffset = batch.baseOffset() + 1;
        next += size;
        return batch;
    }

    /// Was the batch that came last the last one?
    boolean isAtEnd() {
        return chunkStart + next == open().sizeInBytes();
    }

    private CompactionSegment open() {
        if (segment == null) {
            throw new IllegalStateException("No segment is open");
        }
        return segment;
    }

    private void requirePlausible(RecordBatch batch) throws DamagedLogException {
        if (batch.magic() != RecordBatch.CURRENT_MAGIC) {
            throw damaged("format version %d".formatted(batch.magic()));
        }
        if (batch.baseOffset() < minBaseOffset || batch.baseOffset() >= endOffset) {
            throw damaged("base offset %d, expected one from %d to %d"
                    .formatted(batch.baseOffset(), minBaseOffset, endOffset - 1));
        }
    }

    /// Makes `count` bytes from the next batch on available.
    private void load(int count) throws IOException {
        if (chunk.limit() - next >= count) {
            return;
        }
        var current = open();
        chunkStart += next;
        next = 0;
        chunk = count <= buffer.capacity() ? buffer : ByteBuffer.allocate(count);
        chunk.clear().limit((int) Math.min(chunk.capacity(), current.sizeInBytes() - chunkStart));
        throttle.acquire(chunk.limit());
        current.read(chunk, chunkStart);
        chunk.flip();
        if (chunk.limit() < count) {
            throw damaged("the file ends after %d of %d bytes".formatted(chunk.limit(), count));
        }
    }

    private DamagedLogException damaged(String reason) {
        return new DamagedLogException(Path.of(SegmentSwap.logName(open().baseOffset())), chunkStart + next, reason);
    }
}
