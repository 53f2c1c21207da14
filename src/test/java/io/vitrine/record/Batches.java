package io.vitrine.record;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;

/// Record batches as Kafka's own client library builds them.
public final class Batches {
    public static final long TIMESTAMP = 1_726_045_943_832L;

    private Batches() {}

    /// One batch with these values, base offset 0.
    public static ByteBuffer of(Codec codec, String... values) {
        return of(
                codec,
                Stream.of(values)
                        .map(value -> new SimpleRecord(TIMESTAMP, value.getBytes(StandardCharsets.UTF_8)))
                        .toArray(SimpleRecord[]::new));
    }

    public static ByteBuffer of(Codec codec, SimpleRecord... records) {
        return copy(MemoryRecords.withRecords(compression(codec), records));
    }

    /// One uncompressed batch with these values.
    public static ByteBuffer of(String... values) {
        return of(Codec.NONE, values);
    }

    /// One batch of an idempotent producer.
    public static ByteBuffer idempotent(long producerId, int epoch, int sequence, String... values) {
        var records = Stream.of(values)
                .map(value -> new SimpleRecord(TIMESTAMP, value.getBytes(StandardCharsets.UTF_8)))
                .toArray(SimpleRecord[]::new);
        return copy(
                MemoryRecords.withIdempotentRecords(Compression.NONE, producerId, (short) epoch, sequence, records));
    }

    /// One batch of a transaction.
    public static ByteBuffer transactional(long producerId, int epoch, int sequence, String... values) {
        var records = Stream.of(values)
                .map(value -> new SimpleRecord(TIMESTAMP, value.getBytes(StandardCharsets.UTF_8)))
                .toArray(SimpleRecord[]::new);
        return copy(
                MemoryRecords.withTransactionalRecords(Compression.NONE, producerId, (short) epoch, sequence, records));
    }

    /// Makes the checksum that of the bytes, after a test has changed them.
    public static ByteBuffer withCrc(ByteBuffer bytes) {
        bytes.putInt(RecordBatch.CRC, (int) RecordBatch.at(bytes, 0).computedCrc());
        return bytes;
    }

    private static Compression compression(Codec codec) {
        return Compression.of(CompressionType.forId(codec.id())).build();
    }

    private static ByteBuffer copy(MemoryRecords records) {
        var source = records.buffer();
        return ByteBuffer.allocate(source.remaining()).put(source.duplicate()).flip();
    }
}
