package io.vitrine.log;

import io.vitrine.record.BatchSlice;
import io.vitrine.record.RecordBatch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/// Finds and reads batches of one segment. The bytes up to a size that was published once never change, so reading
/// needs no lock.
final class SegmentReader {
    private static final int READ_AHEAD_BYTES = 64 * 1024;

    private final long baseOffset;
    private final SegmentFile file;
    private final SegmentIndex index;
    private final DamagedRanges damaged;

    SegmentReader(long baseOffset, SegmentFile file, SegmentIndex index, DamagedRanges damaged) {
        this.baseOffset = baseOffset;
        this.file = file;
        this.index = index;
        this.damaged = damaged;
    }

    /// Reads whole batches, beginning with the one that holds `offset` or is the first behind it, up to the first
    /// damaged range.
    ///
    /// @param end how much of the file counts
    /// @param maxBytes how much to return; the first batch comes whole even if it is larger
    /// @throws UnsoundBytesException where bytes are no batch and that was not known
    BatchSlice read(long offset, int end, int maxBytes) throws IOException {
        int position = positionOf(offset, end);
        if (position == end) {
            return new BatchSlice(ByteBuffer.allocate(0), baseOffset, position);
        }
        int first = batchAt(position, end).sizeInBytes();
        int limit = Math.min(endOfSound(position, end), position + Math.max(first, Math.min(maxBytes, end - position)));
        var bytes = readAt(position, limit - position);
        return new BatchSlice(trim(bytes, wholeBatches(bytes)), baseOffset, position);
    }

    /// Where the batch begins that holds `offset`, or the first behind it; `end` if there is none.
    ///
    /// @throws UnsoundBytesException where bytes are no batch and that was not known
    int positionOf(long offset, int end) throws IOException {
        var ranges = damaged.of(baseOffset);
        int position = startFor(offset, end, ranges);
        long next = Long.MIN_VALUE;
        while (position < end) {
            var chunk = readAt(position, Math.min(end - position, READ_AHEAD_BYTES));
            int at = 0;
            while (chunk.limit() - at >= RecordBatch.HEADER_SIZE_IN_BYTES) {
                int skipped = skip(ranges, position + at);
                if (skipped > position + at) {
                    at = skipped - position;
                    continue;
                }
                var batch = requireSound(RecordBatch.at(chunk, at), position + at, end);
                if (batch.baseOffset() < next) {
                    throw new UnsoundBytesException(file, position + at, "base offset " + batch.baseOffset());
                }
                if (batch.lastOffset() >= offset) {
                    return position + at;
                }
                next = batch.nextOffset();
                at += batch.sizeInBytes();
            }
            if (at == 0) {
                int skipped = skip(ranges, position);
                if (skipped == position) {
                    throw new UnsoundBytesException(file, position, "no room for a batch");
                }
                at = skipped - position;
            }
            position += at;
        }
        return end;
    }

    /// Where the index says that walking has to begin. An entry must lead to the batch that it names, unless that has
    /// been found damaged since.
    private int startFor(long offset, int end, List<DamagedRange> ranges) throws IOException {
        var entry = index.get().offsets().floor(offset);
        int position = entry.position();
        for (var range : ranges) {
            if (position >= range.position() && position < range.endPosition()) {
                return range.endPosition();
            }
        }
        boolean sound =
                position == 0 || (position < end && batchAt(position, end).lastOffset() == entry.offset());
        if (!sound) {
            throw new UnsoundBytesException(file, position, "no batch that ends with offset " + entry.offset());
        }
        return position;
    }

    /// The header of the batch at `position`.
    RecordBatch batchAt(int position, int end) throws IOException {
        if (end - position < RecordBatch.HEADER_SIZE_IN_BYTES) {
            throw new UnsoundBytesException(file, position, "no room for a batch");
        }
        return requireSound(RecordBatch.at(readAt(position, RecordBatch.HEADER_SIZE_IN_BYTES), 0), position, end);
    }

    /// The byte behind the damaged range that holds the byte at `position`; `position` if there is none.
    int behindDamage(int position) {
        int at = position;
        for (var range : damaged.of(baseOffset)) {
            if (at >= range.position() && at < range.endPosition()) {
                at = range.endPosition();
            }
        }
        return at;
    }

    /// Fills `target` from `position` on, with what the file has.
    void read(ByteBuffer target, long position) throws IOException {
        file.read(target, position);
    }

    /// What a header claims, if it can be true.
    private RecordBatch requireSound(RecordBatch batch, int position, int end) throws UnsoundBytesException {
        int size = batch.sizeInBytes();
        if (size < RecordBatch.HEADER_SIZE_IN_BYTES || size > end - position) {
            throw new UnsoundBytesException(file, position, "a batch length of " + batch.batchLength());
        }
        if (batch.magic() != RecordBatch.CURRENT_MAGIC || batch.lastOffsetDelta() < 0) {
            throw new UnsoundBytesException(file, position, "no batch header");
        }
        return batch;
    }

    /// The byte behind a damaged range that begins here, or `position`.
    private static int skip(List<DamagedRange> ranges, int position) {
        for (var range : ranges) {
            if (range.position() == position) {
                return Math.max(position, range.endPosition());
            }
        }
        return position;
    }

    private int endOfSound(int position, int end) {
        for (var range : damaged.of(baseOffset)) {
            if (range.position() > position) {
                return Math.min(end, range.position());
            }
        }
        return end;
    }

    private ByteBuffer readAt(int position, int count) throws IOException {
        var bytes = ByteBuffer.allocate(count);
        file.read(bytes, position);
        if (bytes.hasRemaining()) {
            throw new UnsoundBytesException(file, position + bytes.position(), "its end, not " + count + " bytes");
        }
        return bytes.flip();
    }

    /// Cuts the buffer to `size`; where little of it is left, the rest is not held on to. Many such slices make one
    /// answer.
    private static ByteBuffer trim(ByteBuffer bytes, int size) {
        return size >= bytes.capacity() / 2
                ? bytes.limit(size)
                : ByteBuffer.allocate(size).put(bytes.limit(size)).flip();
    }

    /// Bytes of the whole batches at the beginning. One that can't be is left for the read that begins with it, which
    /// names the damage.
    private static int wholeBatches(ByteBuffer bytes) {
        int end = 0;
        long next = Long.MIN_VALUE;
        while (bytes.limit() - end >= RecordBatch.HEADER_SIZE_IN_BYTES) {
            var batch = RecordBatch.at(bytes, end);
            int size = batch.sizeInBytes();
            if (size < RecordBatch.HEADER_SIZE_IN_BYTES || size > bytes.limit() - end || batch.baseOffset() < next) {
                break;
            }
            next = batch.nextOffset();
            end += size;
        }
        return end;
    }
}
