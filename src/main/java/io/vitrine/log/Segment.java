package io.vitrine.log;

import io.vitrine.record.BatchSlice;
import io.vitrine.record.RecordBatch;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// One file of a partition log, named after its base offset, with its index.
///
/// The owning [PartitionLog] serialises appends; reading is free for all and sees whole batches only, because the
/// size is published after the bytes are there.
final class Segment implements Closeable {
    static final String FILE_SUFFIX = ".log";
    private static final int NAME_DIGITS = 20;
    private static final int READ_AHEAD_BYTES = 64 * 1024;

    private final long baseOffset;
    private final SegmentFile file;
    private final SparseIndex index;
    private @Nullable IOException broken;
    private volatile int sizeInBytes;
    private volatile long nextOffset;

    Segment(long baseOffset, SegmentFile file, SparseIndex index, int sizeInBytes, long nextOffset) {
        this.baseOffset = baseOffset;
        this.file = file;
        this.index = index;
        this.sizeInBytes = sizeInBytes;
        this.nextOffset = nextOffset;
    }

    /// The name Kafka gives the file of a segment.
    static String fileName(long baseOffset) {
        return String.format("%0" + NAME_DIGITS + "d%s", baseOffset, FILE_SUFFIX);
    }

    static Segment create(Disk disk, Path directory, long baseOffset, LogSettings settings) throws IOException {
        var file = SegmentFile.open(disk, directory.resolve(fileName(baseOffset)));
        return new Segment(baseOffset, file, new SparseIndex(settings.segments().indexIntervalBytes()), 0, baseOffset);
    }

    long baseOffset() {
        return baseOffset;
    }

    long nextOffset() {
        return nextOffset;
    }

    int sizeInBytes() {
        return sizeInBytes;
    }

    /// Has the segment room for this batch, in bytes and in the 32-bit offsets that Kafka's index files hold?
    boolean hasRoomFor(RecordBatch batch, int segmentBytes) {
        return sizeInBytes == 0
                || (sizeInBytes <= segmentBytes - batch.sizeInBytes()
                        && nextOffset + batch.lastOffsetDelta() - baseOffset <= Integer.MAX_VALUE);
    }

    /// Writes `batch`, whose offsets are assigned, at the end. If that fails, nothing of it stays.
    ///
    /// @throws LogBrokenException if the write failed and could not be taken back
    void append(RecordBatch batch) throws IOException {
        int position = sizeInBytes;
        try {
            file.write(batch.bytes(), position);
        } catch (IOException e) {
            takeBack(position, e);
            throw e;
        }
        index.add(batch.baseOffset(), position);
        // The bytes first: whoever sees the offset must find them.
        sizeInBytes = position + batch.sizeInBytes();
        nextOffset = batch.nextOffset();
    }

    /// Forces what has been written to disk.
    ///
    /// @throws LogBrokenException if the disk refuses, and ever after: the system reports a lost write once, and a
    /// second
    ///     fsync that succeeds would say nothing about it
    synchronized void force() throws LogBrokenException {
        if (broken != null) {
            throw new LogBrokenException("The disk has refused an fsync before", broken);
        }
        try {
            file.force();
        } catch (IOException e) {
            broken = e;
            throw new LogBrokenException("The disk refused an fsync", e);
        }
    }

    /// Reads whole batches, beginning with the one that holds `offset` or is the first behind it.
    ///
    /// @param maxBytes how much to return; the first batch comes whole even if it is larger
    BatchSlice read(long offset, int maxBytes) throws IOException {
        int end = sizeInBytes;
        int position = positionOf(offset, end);
        if (position == end) {
            return new BatchSlice(ByteBuffer.allocate(0), baseOffset, position);
        }
        var header = readAt(position, RecordBatch.HEADER_SIZE_IN_BYTES);
        int first = sizeOf(RecordBatch.at(header, 0), position, end);
        var bytes = readAt(position, Math.min(end - position, Math.max(first, maxBytes)));
        return new BatchSlice(trim(bytes, wholeBatches(bytes)), baseOffset, position);
    }

    @Override
    public void close() throws IOException {
        file.close();
    }

    SegmentInfo info(boolean active) {
        return new SegmentInfo(baseOffset, nextOffset, sizeInBytes, active);
    }

    private void takeBack(int position, IOException cause) throws LogBrokenException {
        try {
            file.truncate(position);
        } catch (IOException e) {
            e.addSuppressed(cause);
            throw new LogBrokenException("A half-written batch could not be cut off", e);
        }
    }

    private int positionOf(long offset, int end) throws IOException {
        int position = index.positionFor(offset);
        while (position < end) {
            if (end - position < RecordBatch.HEADER_SIZE_IN_BYTES) {
                throw new DamagedLogException(file.path(), position, "no room for a batch header before the end");
            }
            var chunk = readAt(position, Math.min(end - position, READ_AHEAD_BYTES));
            int at = 0;
            while (chunk.limit() - at >= RecordBatch.HEADER_SIZE_IN_BYTES) {
                var batch = RecordBatch.at(chunk, at);
                if (batch.lastOffset() >= offset) {
                    return position + at;
                }
                at += sizeOf(batch, position + at, end);
            }
            position += at;
        }
        return end;
    }

    /// The size that a batch claims, if it can be true: the file may have been damaged since it was opened.
    private int sizeOf(RecordBatch batch, int position, int end) throws DamagedLogException {
        int size = batch.sizeInBytes();
        if (size < RecordBatch.HEADER_SIZE_IN_BYTES || size > end - position) {
            throw new DamagedLogException(file.path(), position, "a batch length of " + batch.batchLength());
        }
        return size;
    }

    private ByteBuffer readAt(int position, int count) throws IOException {
        var bytes = ByteBuffer.allocate(count);
        file.read(bytes, position);
        if (bytes.hasRemaining()) {
            throw new IOException("%s ends at byte %d, expected %d"
                    .formatted(file.path().getFileName(), position + bytes.position(), position + count));
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

    private static int wholeBatches(ByteBuffer bytes) {
        int end = 0;
        while (bytes.limit() - end >= RecordBatch.HEADER_SIZE_IN_BYTES) {
            int size = RecordBatch.at(bytes, end).sizeInBytes();
            // A batch that can't be is left for the read that begins with it, which names the damage.
            if (size < RecordBatch.HEADER_SIZE_IN_BYTES || size > bytes.limit() - end) {
                break;
            }
            end += size;
        }
        return end;
    }
}
