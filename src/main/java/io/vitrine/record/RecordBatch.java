package io.vitrine.record;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/// A record batch of format version 2 as a view over its bytes; nothing is copied.
/// The layout is Apache Kafka's, on the wire and on disk alike; integers are big-endian:
/// ```
///    0  baseOffset            8  offset of the first record      outside the checksum
///    8  batchLength           4  bytes that follow this field    outside the checksum
///   12  partitionLeaderEpoch  4                                  outside the checksum
///   16  magic                 1  2
///   17  crc                   4  CRC-32C of everything that follows
///   21  attributes            2  bits 0-2 codec, 3 timestamp type, 4 transactional, 5 control, 6 delete horizon
///   23  lastOffsetDelta       4
///   27  baseTimestamp         8
///   35  maxTimestamp          8
///   43  producerId            8
///   51  producerEpoch         2
///   53  baseSequence          4
///   57  recordCount           4
///   61  records               …  compressed as a whole where a codec is set
/// ```
/// The first 17 bytes have the same place in formats 0 and 1. Not thread-safe, as the buffer is not.
public final class RecordBatch {
    public static final int BASE_OFFSET = 0;
    public static final int BATCH_LENGTH = 8;
    public static final int PARTITION_LEADER_EPOCH = 12;
    public static final int MAGIC = 16;
    public static final int CRC = 17;
    public static final int ATTRIBUTES = 21;
    public static final int LAST_OFFSET_DELTA = 23;
    public static final int BASE_TIMESTAMP = 27;
    public static final int MAX_TIMESTAMP = 35;
    public static final int PRODUCER_ID = 43;
    public static final int PRODUCER_EPOCH = 51;
    public static final int BASE_SEQUENCE = 53;
    public static final int RECORD_COUNT = 57;
    public static final int RECORDS = 61;

    /// Bytes before the part that `batchLength` counts.
    public static final int LENGTH_OVERHEAD = 12;

    public static final int HEADER_SIZE_IN_BYTES = RECORDS;
    public static final byte CURRENT_MAGIC = 2;
    public static final long NO_TIMESTAMP = -1;
    public static final long NO_PRODUCER_ID = -1;
    public static final int NO_LEADER_EPOCH = -1;

    private final ByteBuffer buffer;
    private final int start;

    private RecordBatch(ByteBuffer buffer, int start) {
        this.buffer = buffer;
        this.start = start;
    }

    /// A view of the batch that begins at index `start` of `buffer`. Whether it is whole is for the caller to know:
    /// a field that lies outside the buffer throws `IndexOutOfBoundsException`.
    public static RecordBatch at(ByteBuffer buffer, int start) {
        return new RecordBatch(buffer, start);
    }

    /// Index in the buffer at which the batch begins.
    public int start() {
        return start;
    }

    public long baseOffset() {
        return buffer.getLong(start + BASE_OFFSET);
    }

    /// The stored length field: bytes after itself.
    public int batchLength() {
        return buffer.getInt(start + BATCH_LENGTH);
    }

    /// The whole batch, header included, as its length field claims.
    public int sizeInBytes() {
        return LENGTH_OVERHEAD + batchLength();
    }

    public int partitionLeaderEpoch() {
        return buffer.getInt(start + PARTITION_LEADER_EPOCH);
    }

    public byte magic() {
        return buffer.get(start + MAGIC);
    }

    /// The stored checksum, as an unsigned 32-bit value.
    public long crc() {
        return Integer.toUnsignedLong(buffer.getInt(start + CRC));
    }

    /// The checksum its bytes really have, as an unsigned 32-bit value.
    public long computedCrc() {
        var crc = new CRC32C();
        crc.update(buffer.slice(start + ATTRIBUTES, sizeInBytes() - ATTRIBUTES));
        return crc.getValue();
    }

    public BatchAttributes attributes() {
        return new BatchAttributes(buffer.getShort(start + ATTRIBUTES));
    }

    public int lastOffsetDelta() {
        return buffer.getInt(start + LAST_OFFSET_DELTA);
    }

    public long lastOffset() {
        return baseOffset() + lastOffsetDelta();
    }

    public long nextOffset() {
        return lastOffset() + 1;
    }

    public long baseTimestamp() {
        return buffer.getLong(start + BASE_TIMESTAMP);
    }

    public long maxTimestamp() {
        return buffer.getLong(start + MAX_TIMESTAMP);
    }

    public long producerId() {
        return buffer.getLong(start + PRODUCER_ID);
    }

    public short producerEpoch() {
        return buffer.getShort(start + PRODUCER_EPOCH);
    }

    public int baseSequence() {
        return buffer.getInt(start + BASE_SEQUENCE);
    }

    public int recordCount() {
        return buffer.getInt(start + RECORD_COUNT);
    }

    /// The bytes of the whole batch, sharing the buffer's content.
    public ByteBuffer bytes() {
        return buffer.slice(start, sizeInBytes());
    }

    /// The bytes behind the header: the records, compressed where a codec is set.
    public ByteBuffer recordBytes() {
        return buffer.slice(start + RECORDS, sizeInBytes() - RECORDS);
    }

    /// Gives the batch its place in a log. Both fields lie outside the checksum.
    public void assign(long baseOffset, int partitionLeaderEpoch) {
        buffer.putLong(start + BASE_OFFSET, baseOffset);
        buffer.putInt(start + PARTITION_LEADER_EPOCH, partitionLeaderEpoch);
    }

    /// Marks the batch with the broker's clock, as `message.timestamp.type=LogAppendTime` asks, and renews the
    /// checksum.
    public void stampLogAppendTime(long logAppendTimeMs) {
        buffer.putShort(start + ATTRIBUTES, attributes().withLogAppendTime().bits());
        stampMaxTimestamp(logAppendTimeMs);
    }

    /// Replaces the greatest timestamp of the batch and renews the checksum.
    public void stampMaxTimestamp(long maxTimestamp) {
        buffer.putLong(start + MAX_TIMESTAMP, maxTimestamp);
        buffer.putInt(start + CRC, (int) computedCrc());
    }
}
