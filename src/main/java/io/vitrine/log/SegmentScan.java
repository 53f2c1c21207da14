package io.vitrine.log;

import io.vitrine.record.RecordBatch;
import java.io.IOException;
import java.nio.ByteBuffer;
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

    private ByteBuffer chunk = ByteBuffer.allocate(CHUNK_BYTES).limit(0);
    private long chunkStart;
    private long nextOffset;
    private int lastLeaderEpoch = -1;
    private @Nullable String damage;

    /// @param checksums false where the headers are enough, as in a segment that was closed long ago
    SegmentScan(SegmentFile file, long baseOffset, SparseIndex index, ProducerStates producers, boolean checksums)
            throws IOException {
        this.file = file;
        this.fileSize = file.sizeInBytes();
        this.checksums = checksums;
        this.index = index;
        this.producers = producers;
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
            lastLeaderEpoch = batch.partitionLeaderEpoch();
            position += batch.sizeInBytes();
        }
        return (int) position;
    }

    /// The offset behind the last sound batch.
    long nextOffset() {
        return nextOffset;
    }

    /// Leader epoch of the last sound batch; -1 if there is none.
    int lastLeaderEpoch() {
        return lastLeaderEpoch;
    }

    /// Why the scan stopped before the end of the file; null if it did not.
    @Nullable
    String damage() {
        return damage;
    }

    /// Is there a batch behind `position` whose checksum holds? Then what lies between is damage in the middle of the
    /// log and not an unfinished write at its end.
    boolean hasSoundBatchAfter(long position) throws IOException {
        for (long at = position + 1; at <= fileSize - RecordBatch.HEADER_SIZE_IN_BYTES; at++) {
            load(at, RecordBatch.HEADER_SIZE_IN_BYTES);
            boolean plausible = chunk.get((int) (at - chunkStart) + RecordBatch.MAGIC) == RecordBatch.CURRENT_MAGIC;
            if (plausible && findHeaderDamage(at) == null && findBodyDamage(at) == null) {
                return true;
            }
        }
        return false;
    }

    private @Nullable String findDamage(long position) throws IOException {
        if (fileSize - position < RecordBatch.HEADER_SIZE_IN_BYTES) {
            return "%d bytes are no batch header".formatted(fileSize - position);
        }
        load(position, RecordBatch.HEADER_SIZE_IN_BYTES);
        var header = findHeaderDamage(position);
        return header != null || !checksums ? header : findBodyDamage(position);
    }

    private @Nullable String findHeaderDamage(long position) {
        var batch = batchAt(position);
        if (batch.magic() != RecordBatch.CURRENT_MAGIC) {
            return "format version %d".formatted(batch.magic());
        }
        long left = fileSize - position;
        if (batch.batchLength() < RecordBatch.HEADER_SIZE_IN_BYTES - RecordBatch.LENGTH_OVERHEAD
                || batch.batchLength() > left - RecordBatch.LENGTH_OVERHEAD) {
            return "a batch length of %d where %d bytes are left".formatted(batch.batchLength(), left);
        }
        if (batch.baseOffset() < nextOffset || batch.lastOffsetDelta() < 0) {
            return "offsets %d..%d where %d is next".formatted(batch.baseOffset(), batch.lastOffset(), nextOffset);
        }
        return null;
    }

    private @Nullable String findBodyDamage(long position) throws IOException {
        load(position, batchAt(position).sizeInBytes());
        var batch = batchAt(position);
        return batch.computedCrc() == batch.crc()
                ? null
                : "CRC-32C 0x%08x stored, 0x%08x computed".formatted(batch.crc(), batch.computedCrc());
    }

    private RecordBatch batchAt(long position) {
        return RecordBatch.at(chunk, (int) (position - chunkStart));
    }

    /// Makes `count` bytes from `position` available; the caller has checked that the file has them.
    private void load(long position, int count) throws IOException {
        if (position >= chunkStart && position + count <= chunkStart + chunk.limit()) {
            return;
        }
        if (chunk.capacity() < count || chunk.capacity() > Math.max(CHUNK_BYTES, count)) {
            chunk = ByteBuffer.allocate(Math.max(CHUNK_BYTES, count));
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
