package io.vitrine.log;

import io.vitrine.record.RecordBatch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// Reads a segment from its first byte, batch by batch, to learn where its sound part ends and what lies in it.
/// A batch is sound if its header is plausible, its offsets go on upwards and, where asked for, its checksum holds.
final class SegmentScan {
    private static final int CHUNK_BYTES = 256 * 1024;

    private final SegmentFile file;
    private final long fileSize;
    private final boolean checksums;
    private final SparseIndex index;
    private final ProducerStates producers;

    private final long baseOffset;
    private final ByteBuffer chunk = ByteBuffer.allocate(CHUNK_BYTES).limit(0);
    private long chunkStart;
    private long nextOffset;
    private @Nullable String damage;

    /// @param checksums false where the headers are enough, as in a segment that was closed long ago
    SegmentScan(SegmentFile file, long baseOffset, SparseIndex index, ProducerStates producers, boolean checksums)
            throws IOException {
        this.file = file;
        this.fileSize = file.sizeInBytes();
        this.checksums = checksums;
        this.index = index;
        this.producers = producers;
        this.baseOffset = baseOffset;
        this.nextOffset = baseOffset;
    }

    /// Goes through the file and returns the number of bytes that are sound.
    int run() throws IOException {
        long position = 0;
        while (position < fileSize) {
            damage = findDamage(position);
            if (damage != null) {
                break;
            }
            var batch = batchAt(position);
            index.add(batch.baseOffset(), (int) position);
            producers.add(batch);
            nextOffset = batch.nextOffset();
            position += batch.sizeInBytes();
        }
        return (int) position;
    }

    /// The offset behind the last sound batch.
    long nextOffset() {
        return nextOffset;
    }

    /// Why the scan stopped before the end of the file; null if it did not.
    @Nullable
    String damage() {
        return damage;
    }

    /// Is there a batch at `position` or behind it whose checksum holds? Then what stopped the scan is damage in the
    /// middle of the log and not an unfinished write at its end. Offsets are not asked: they lie outside the
    /// checksum, so they may be what is damaged.
    boolean hasSoundBatchFrom(long position) throws IOException {
        for (long at = position; at <= fileSize - RecordBatch.HEADER_SIZE_IN_BYTES; at++) {
            load(at);
            boolean plausible = chunk.get((int) (at - chunkStart) + RecordBatch.MAGIC) == RecordBatch.CURRENT_MAGIC;
            if (plausible && findFrameDamage(at) == null && findBodyDamage(at) == null) {
                return true;
            }
        }
        return false;
    }

    private @Nullable String findDamage(long position) throws IOException {
        if (fileSize - position < RecordBatch.HEADER_SIZE_IN_BYTES) {
            return "%d bytes are no batch header".formatted(fileSize - position);
        }
        load(position);
        var frame = findFrameDamage(position);
        if (frame != null) {
            return frame;
        }
        var offsets = findOffsetDamage(position);
        return offsets != null || !checksums ? offsets : findBodyDamage(position);
    }

    private @Nullable String findFrameDamage(long position) {
        var batch = batchAt(position);
        if (batch.magic() != RecordBatch.CURRENT_MAGIC) {
            return "format version %d".formatted(batch.magic());
        }
        long left = fileSize - position;
        if (batch.batchLength() < RecordBatch.HEADER_SIZE_IN_BYTES - RecordBatch.LENGTH_OVERHEAD
                || batch.batchLength() > left - RecordBatch.LENGTH_OVERHEAD) {
            return "a batch length of %d where %d bytes are left".formatted(batch.batchLength(), left);
        }
        return null;
    }

    private @Nullable String findOffsetDamage(long position) {
        var batch = batchAt(position);
        boolean backwards = batch.baseOffset() < nextOffset || batch.lastOffsetDelta() < 0;
        // A segment's index has 32 bits for an offset, so no writer goes further from its first one.
        boolean farAway = batch.baseOffset() - baseOffset > Integer.MAX_VALUE;
        return backwards || farAway
                ? "offsets %d..%d where %d is next".formatted(batch.baseOffset(), batch.lastOffset(), nextOffset)
                : null;
    }

    /// Compares the checksum, window by window: a length may be damaged too, and is no reason to take that much
    /// memory.
    private @Nullable String findBodyDamage(long position) throws IOException {
        var batch = batchAt(position);
        long stored = batch.crc();
        long end = position + batch.sizeInBytes();
        var crc = new CRC32C();
        var window = ByteBuffer.allocate((int) Math.min(CHUNK_BYTES, end - position));
        for (long at = position + RecordBatch.ATTRIBUTES; at < end; at += window.limit()) {
            window.clear().limit((int) Math.min(window.capacity(), end - at));
            file.read(window, at);
            crc.update(window.flip());
            if (window.limit() == 0) {
                throw new IOException("%s ended at byte %d while it was read"
                        .formatted(file.path().getFileName(), at));
            }
        }
        return crc.getValue() == stored
                ? null
                : "CRC-32C 0x%08x stored, 0x%08x computed".formatted(stored, crc.getValue());
    }

    private RecordBatch batchAt(long position) {
        return RecordBatch.at(chunk, (int) (position - chunkStart));
    }

    /// Makes a header at `position` available; the caller has checked that the file has one.
    private void load(long position) throws IOException {
        int count = RecordBatch.HEADER_SIZE_IN_BYTES;
        if (position >= chunkStart && position + count <= chunkStart + chunk.limit()) {
            return;
        }
        chunk.clear();
        file.read(chunk, position);
        chunk.flip();
        chunkStart = position;
        if (chunk.limit() < count) {
            throw new IOException("%s ended at byte %d while it was read"
                    .formatted(file.path().getFileName(), position + chunk.limit()));
        }
    }
}
