package io.vitrine.log;

import io.vitrine.record.Codec;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.ControlRecordType;
import org.apache.kafka.common.record.internal.EndTransactionMarker;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;

/// Batches of records with keys, as Kafka's own client library builds them. A record is written `key=value`, a
/// tombstone `key`, a record without a key `=value`.
final class KeyedBatches {
    static final long TIMESTAMP = 1_726_045_943_832L;

    private KeyedBatches() {}

    static ByteBuffer of(String... records) {
        return of(Codec.NONE, records);
    }

    static ByteBuffer of(Codec codec, String... records) {
        return copy(MemoryRecords.withRecords(compression(codec), simple(records)));
    }

    static ByteBuffer idempotent(Codec codec, long producerId, int sequence, String... records) {
        return copy(MemoryRecords.withIdempotentRecords(
                compression(codec), producerId, (short) 0, sequence, simple(records)));
    }

    static ByteBuffer transactional(long producerId, int sequence, String... records) {
        return copy(MemoryRecords.withTransactionalRecords(
                Compression.NONE, producerId, (short) 0, sequence, simple(records)));
    }

    static ByteBuffer commit(long producerId) {
        return marker(producerId, ControlRecordType.COMMIT);
    }

    static ByteBuffer abort(long producerId) {
        return marker(producerId, ControlRecordType.ABORT);
    }

    private static ByteBuffer marker(long producerId, ControlRecordType type) {
        return copy(MemoryRecords.withEndTransactionMarker(producerId, (short) 0, new EndTransactionMarker(type, 0)));
    }

    private static SimpleRecord[] simple(String... records) {
        return Stream.of(records).map(KeyedBatches::simple).toArray(SimpleRecord[]::new);
    }

    private static SimpleRecord simple(String record) {
        int at = record.indexOf('=');
        var key = at < 0 ? record : record.substring(0, at);
        var value = at < 0 ? null : record.substring(at + 1);
        return new SimpleRecord(TIMESTAMP, key.isEmpty() ? null : bytes(key), value == null ? null : bytes(value));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static Compression compression(Codec codec) {
        return Compression.of(CompressionType.forId(codec.id())).build();
    }

    private static ByteBuffer copy(MemoryRecords records) {
        var source = records.buffer();
        return ByteBuffer.allocate(source.remaining()).put(source).flip();
    }
}
