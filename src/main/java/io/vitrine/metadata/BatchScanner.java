package io.vitrine.metadata;

import io.vitrine.record.RecordBatch;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;

/// Reads one file of the metadata log batch by batch, forwards, through a window that grows to the largest batch.
/// A batch is only handed out when it is whole and its checksum holds.
///
/// What a crash in the middle of a write can leave (a batch that ends too early, or nothing but zeros) ends the scan
/// and is told by [#tornBytes()]. Everything else that does not fit is damage and throws.
final class BatchScanner implements Closeable {
    static final int MAX_BATCH_BYTES = 100 * 1024 * 1024;

    private static final int WINDOW_SIZE_IN_BYTES = 64 * 1024;
    private static final int MIN_BATCH_LENGTH = RecordBatch.HEADER_SIZE_IN_BYTES - RecordBatch.LENGTH_OVERHEAD;

    private final Path file;
    private final FileChannel channel;
    private final long end;
    private ByteBuffer window = ByteBuffer.allocate(WINDOW_SIZE_IN_BYTES).limit(0);
    private long windowStart;
    private long batchPosition;
    private long nextPosition;
    private RecordBatch batch = RecordBatch.at(window, 0);
    private boolean isTorn;

    private BatchScanner(Path file, FileChannel channel, long end) {
        this.file = file;
        this.channel = channel;
        this.end = end;
    }

    static BatchScanner open(Path file) throws IOException {
        return open(file, Long.MAX_VALUE);
    }

    /// Scans no further than byte `limit`, which must not lie inside a batch.
    static BatchScanner open(Path file, long limit) throws IOException {
        var channel = FileChannel.open(file, StandardOpenOption.READ);
        try {
            return new BatchScanner(file, channel, Math.min(limit, channel.size()));
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    /// Goes to the next batch; there is none at the end or before a torn tail.
    boolean advance() throws IOException, MetadataException {
        batchPosition = nextPosition;
        long left = end - batchPosition;
        if (isTorn || left == 0) {
            return false;
        }
        if (left < RecordBatch.HEADER_SIZE_IN_BYTES) {
            return torn();
        }
        batch = view(RecordBatch.HEADER_SIZE_IN_BYTES);
        int length = batch.batchLength();
        if (length == 0 && isZeroToEnd()) {
            return torn();
        }
        requirePlausible(length);
        if (length > left - RecordBatch.LENGTH_OVERHEAD) {
            requireTorn(length, (int) left);
            return torn();
        }
        batch = view(RecordBatch.LENGTH_OVERHEAD + length);
        if (batch.crc() != batch.computedCrc()) {
            throw damaged("the checksum is %08x, the bytes of the batch give %08x"
                    .formatted(batch.crc(), batch.computedCrc()));
        }
        nextPosition = batchPosition + batch.sizeInBytes();
        return true;
    }

    /// The batch it went to, valid until it goes on.
    RecordBatch batch() {
        return batch;
    }

    /// Byte at which that batch begins, or the end of the whole batches.
    long position() {
        return batchPosition;
    }

    /// Bytes behind the last whole batch that a broken write has left; known once the scan has ended.
    long tornBytes() {
        return isTorn ? end - batchPosition : 0;
    }

    MetadataException damaged(String reason) {
        return new MetadataException(file, batchPosition, reason);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    private boolean torn() {
        isTorn = true;
        return false;
    }

    private void requirePlausible(int length) throws MetadataException {
        if (batch.magic() != RecordBatch.CURRENT_MAGIC) {
            throw damaged("batch format (magic) %d instead of %d".formatted(batch.magic(), RecordBatch.CURRENT_MAGIC));
        }
        if (length < MIN_BATCH_LENGTH) {
            throw damaged("batch length %d is less than the %d of an empty batch".formatted(length, MIN_BATCH_LENGTH));
        }
        if (length > MAX_BATCH_BYTES) {
            throw damaged("batch length %d is more than the %d allowed".formatted(length, MAX_BATCH_BYTES));
        }
    }

    // A length field that was changed afterwards looks like a torn write, but hides batches that were once on disk.
    private void requireTorn(int length, int left) throws IOException, MetadataException {
        var start = view(left).start();
        if (crc(start, left) == window.getInt(start + RecordBatch.CRC) || hidesWholeBatch(start, start + left)) {
            throw damaged("batch length %d reaches beyond the end of the file, though what follows is whole"
                    .formatted(length));
        }
    }

    private boolean hidesWholeBatch(int from, int to) {
        for (int at = from + 1; at <= to - RecordBatch.HEADER_SIZE_IN_BYTES; at++) {
            if (window.get(at + RecordBatch.MAGIC) == RecordBatch.CURRENT_MAGIC) {
                int length = window.getInt(at + RecordBatch.BATCH_LENGTH);
                boolean fits = length >= MIN_BATCH_LENGTH && length <= to - at - RecordBatch.LENGTH_OVERHEAD;
                if (fits && crc(at, length + RecordBatch.LENGTH_OVERHEAD) == window.getInt(at + RecordBatch.CRC)) {
                    return true;
                }
            }
        }
        return false;
    }

    private int crc(int start, int sizeInBytes) {
        var crc = new CRC32C();
        crc.update(window.slice(start + RecordBatch.ATTRIBUTES, sizeInBytes - RecordBatch.ATTRIBUTES));
        return (int) crc.getValue();
    }

    private boolean isZeroToEnd() throws IOException {
        var part = ByteBuffer.allocate(WINDOW_SIZE_IN_BYTES);
        for (long at = batchPosition; at < end; ) {
            part.clear().limit((int) Math.min(part.capacity(), end - at));
            readFully(part, at);
            while (part.hasRemaining()) {
                if (part.get() != 0) {
                    return false;
                }
            }
            at += part.limit();
        }
        return true;
    }

    // The caller has checked that the file has so many bytes left.
    private RecordBatch view(int count) throws IOException {
        long windowEnd = windowStart + window.limit();
        if (batchPosition + count > windowEnd) {
            int wanted = (int) Math.min(Math.max(count, WINDOW_SIZE_IN_BYTES), end - batchPosition);
            if (window.capacity() < wanted) {
                window = ByteBuffer.allocate(wanted);
            }
            window.clear().limit(wanted);
            windowStart = batchPosition;
            readFully(window, batchPosition);
        }
        return RecordBatch.at(window, (int) (batchPosition - windowStart));
    }

    private void readFully(ByteBuffer target, long from) throws IOException {
        long at = from;
        while (target.hasRemaining()) {
            int count = channel.read(target, at);
            if (count < 0) {
                throw new IOException("%s became shorter than %d bytes while it was read".formatted(file, end));
            }
            at += count;
        }
        target.flip();
    }
}
