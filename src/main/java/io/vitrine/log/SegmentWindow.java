package io.vitrine.log;

import io.vitrine.record.RecordBatch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// A segment file seen through a window that moves along it: headers and checksums of batches at any byte, without
/// taking memory for what a damaged length claims. For one thread.
final class SegmentWindow {
    private static final int WINDOW_BYTES = 256 * 1024;

    private final SegmentFile file;
    private final long size;
    private final ByteBuffer window;
    private long windowStart;

    /// @param size where the file ends for us: behind it somebody may be writing
    SegmentWindow(SegmentFile file, long size) {
        this(file, size, WINDOW_BYTES);
    }

    /// @param windowBytes how much is read at once
    SegmentWindow(SegmentFile file, long size, int windowBytes) {
        this.file = file;
        this.size = size;
        this.window = ByteBuffer.allocate((int) Math.min(windowBytes, size)).limit(0);
    }

    long size() {
        return size;
    }

    /// The header of a batch that begins at `position`, where [#findFrameDamage] has nothing to say. Good until the
    /// next call.
    RecordBatch batchAt(long position) throws IOException {
        load(position);
        return RecordBatch.at(window, (int) (position - windowStart));
    }

    /// Can a batch begin here: is there room for a header, a format version that we know, a length that fits?
    @Nullable
    String findFrameDamage(long position) throws IOException {
        long left = size - position;
        if (left < RecordBatch.HEADER_SIZE_IN_BYTES) {
            return "%d bytes are no batch header".formatted(left);
        }
        var batch = batchAt(position);
        if (batch.magic() != RecordBatch.CURRENT_MAGIC) {
            return "format version %d".formatted(batch.magic());
        }
        if (batch.batchLength() < RecordBatch.HEADER_SIZE_IN_BYTES - RecordBatch.LENGTH_OVERHEAD
                || batch.batchLength() > left - RecordBatch.LENGTH_OVERHEAD) {
            return "a batch length of %d where %d bytes are left".formatted(batch.batchLength(), left);
        }
        return batch.lastOffsetDelta() < 0 ? "a last offset delta of %d".formatted(batch.lastOffsetDelta()) : null;
    }

    /// Compares the checksum of a batch whose frame is sound.
    @Nullable
    String findChecksumDamage(long position) throws IOException {
        var batch = batchAt(position);
        long stored = batch.crc();
        long end = position + batch.sizeInBytes();
        var crc = new CRC32C();
        for (long at = position + RecordBatch.ATTRIBUTES; at < end; ) {
            loadSome(at);
            int from = (int) (at - windowStart);
            int count = (int) Math.min(window.limit() - from, end - at);
            crc.update(window.slice(from, count));
            at += count;
        }
        return crc.getValue() == stored
                ? null
                : "CRC-32C 0x%08x stored, 0x%08x computed".formatted(stored, crc.getValue());
    }

    /// The format version byte of a batch that would begin at `position`, cheaply, for searching.
    byte magicAt(long position) throws IOException {
        loadSome(position + RecordBatch.MAGIC);
        return window.get((int) (position + RecordBatch.MAGIC - windowStart));
    }

    /// Makes a whole header at `position` available.
    private void load(long position) throws IOException {
        if (position < windowStart || position + RecordBatch.HEADER_SIZE_IN_BYTES > windowStart + window.limit()) {
            fill(position);
            if (window.limit() < RecordBatch.HEADER_SIZE_IN_BYTES) {
                throw endedEarly(position);
            }
        }
    }

    /// Makes at least the byte at `position` available.
    private void loadSome(long position) throws IOException {
        if (position < windowStart || position >= windowStart + window.limit()) {
            fill(position);
            if (window.limit() == 0) {
                throw endedEarly(position);
            }
        }
    }

    private void fill(long position) throws IOException {
        window.clear().limit((int) Math.min(window.capacity(), size - position));
        file.read(window, position);
        window.flip();
        windowStart = position;
    }

    private IOException endedEarly(long position) {
        return new IOException("%s ended at byte %d while it was read"
                .formatted(file.path().getFileName(), position + window.limit()));
    }
}
