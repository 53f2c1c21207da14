package io.vitrine.inspect;

import io.vitrine.record.RecordBatch;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;

/// Batches that no well-behaved client writes.
public final class SampleBatches {
    private SampleBatches() {}

    /// An uncompressed batch whose records are exactly these bytes, with a checksum that holds.
    public static ByteBuffer ofRecords(long baseOffset, int recordCount, byte[] records) {
        var buffer = ByteBuffer.allocate(RecordBatch.HEADER_SIZE_IN_BYTES + records.length);
        buffer.putLong(baseOffset)
                .putInt(RecordBatch.HEADER_SIZE_IN_BYTES - RecordBatch.LENGTH_OVERHEAD + records.length);
        buffer.putInt(0)
                .put(RecordBatch.CURRENT_MAGIC)
                .putInt(0)
                .putShort((short) 0)
                .putInt(recordCount - 1);
        buffer.putLong(SampleBroker.TIMESTAMP).putLong(SampleBroker.TIMESTAMP);
        buffer.putLong(0).putShort((short) 0).putInt(0).putInt(recordCount);
        buffer.put(records).flip();
        RecordBatch.at(buffer, 0).stampMaxTimestamp(SampleBroker.TIMESTAMP);
        return buffer;
    }

    /// One record with the value `pear` whose header count is written as -1.
    public static ByteBuffer withoutHeaderCount(long baseOffset) {
        return ofRecords(baseOffset, 1, hex("14 00 00 00 01 08 70 65 61 72 01"));
    }

    /// A record whose value claims more bytes than there are.
    public static ByteBuffer damaged(long baseOffset) {
        return ofRecords(baseOffset, 1, hex("14 00 00 00 01 7e 70 65 61 72 00"));
    }

    /// A few KiB that would unpack to more than 100 MiB.
    public static ByteBuffer bomb() {
        var zeros = new SimpleRecord(SampleBroker.TIMESTAMP, null, new byte[60 * 1024 * 1024]);
        return MemoryRecords.withRecords(Compression.zstd().build(), zeros, zeros)
                .buffer();
    }

    public static byte[] hex(String spaced) {
        return HexFormat.ofDelimiter(" ").parseHex(spaced);
    }

    static byte[] repeated(int value, int count) {
        var bytes = new byte[count];
        Arrays.fill(bytes, (byte) value);
        return bytes;
    }
}
