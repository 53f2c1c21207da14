package io.vitrine.metadata;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.ObjectSerializationCache;
import org.apache.kafka.metadata.MetadataRecordSerde;
import org.apache.kafka.server.common.ApiMessageAndVersion;

/// Puts the bytes of a metadata log together field by field, without the code under test.
final class LogBytes {
    static final String CLUSTER_ID = "IAAAAAAAQACAAAAAAAAAAQ";
    static final Uuid DIRECTORY_ID = new Uuid(0x1000_0000_0000_4000L, 0x8000_0000_0000_0001L);
    static final Uuid TOPIC_ID = new Uuid(0x71a5_9a51_8968_4f8bL, 0x937e_f230_5211_0d41L);
    static final String SEGMENT = "00000000000000000000.log";

    private static final long TIMESTAMP = 1726045943832L;
    private static final int CONTROL_BATCH = 0x20;
    private static final int CHECKPOINT_HEADER = 3;
    private static final byte[] NO_KEY = {};

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final List<Integer> positions = new ArrayList<>();
    private long nextOffset;
    private int epoch = 1;

    static LogBytes from(long offset) {
        var log = new LogBytes();
        log.nextOffset = offset;
        return log;
    }

    LogBytes epoch(int value) {
        epoch = value;
        return this;
    }

    LogBytes skipOffsets(int count) {
        nextOffset += count;
        return this;
    }

    LogBytes batch(byte[]... values) {
        return batch(0, NO_KEY, List.of(values));
    }

    /// A batch as the quorum writes it for itself; of its values only that of a checkpoint's header is read.
    LogBytes controlBatch(int type) {
        var value = written(out -> {
            out.writeShort(0);
            if (type == CHECKPOINT_HEADER) {
                out.writeLong(TIMESTAMP);
            }
            out.writeByte(0);
        });
        return batch(CONTROL_BATCH, new byte[] {0, 0, 0, (byte) type}, List.of(value));
    }

    LogBytes raw(byte[] more) {
        bytes.writeBytes(more);
        return this;
    }

    byte[] toByteArray() {
        return bytes.toByteArray();
    }

    /// Byte at which each batch begins.
    List<Integer> positions() {
        return positions;
    }

    long nextOffset() {
        return nextOffset;
    }

    /// Writes `meta.properties` and the log into `logDir`, as the fixture has them.
    Path writeTo(Path logDir) {
        try {
            writeMetaProperties(logDir);
            var directory = Files.createDirectories(logDir.resolve("__cluster_metadata-0"));
            Files.writeString(directory.resolve("partition.metadata"), "version: 0\ntopic_id: AAAAAAAAAAAAAAAAAAAAAQ");
            return Files.write(directory.resolve(SEGMENT), toByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void writeMetaProperties(Path logDir) throws IOException {
        Files.createDirectories(logDir);
        Files.writeString(logDir.resolve("meta.properties"), """
                #
                #Wed Sep 11 09:12:23 UTC 2024
                cluster.id=IAAAAAAAQACAAAAAAAAAAQ
                directory.id=EAAAAAAAQACAAAAAAAAAAQ==
                node.id=1
                version=1
                """);
    }

    /// The log of the directory that the stages with topics start from: features first, then a batch per topic.
    static LogBytes fixture() {
        return from(1).batch(feature("metadata.version", 20))
                .batch(topic("mango", TOPIC_ID), partition(TOPIC_ID, 0), partition(TOPIC_ID, 1));
    }

    static byte[] feature(String name, int level) {
        return value(12, 0, out -> {
            string(out, name);
            out.writeShort(level);
            out.writeByte(0);
        });
    }

    static byte[] topic(String name, Uuid id) {
        return value(2, 0, out -> {
            string(out, name);
            uuid(out, id);
            out.writeByte(0);
        });
    }

    /// Replica, in-sync replica and leader are node 1.
    static byte[] partition(Uuid topicId, int index) {
        return value(3, 1, out -> {
            out.writeInt(index);
            uuid(out, topicId);
            nodes(out, 1);
            nodes(out, 1);
            nodes(out);
            nodes(out);
            out.writeInt(1);
            out.writeInt(0);
            out.writeInt(0);
            out.writeByte(2);
            uuid(out, DIRECTORY_ID);
            out.writeByte(0);
        });
    }

    /// Any other record, through Kafka's own serde.
    static byte[] record(ApiMessage message, int version) {
        var cache = new ObjectSerializationCache();
        var versioned = new ApiMessageAndVersion(message, (short) version);
        var value = ByteBuffer.allocate(MetadataRecordSerde.INSTANCE.recordSize(versioned, cache));
        MetadataRecordSerde.INSTANCE.write(versioned, cache, new ByteBufferAccessor(value));
        return value.array();
    }

    private interface Body {
        void write(DataOutputStream out) throws IOException;
    }

    private static byte[] value(int type, int version, Body body) {
        return written(out -> {
            out.writeByte(1);
            out.writeByte(type);
            out.writeByte(version);
            body.write(out);
        });
    }

    private static byte[] written(Body body) {
        var target = new ByteArrayOutputStream();
        try {
            body.write(new DataOutputStream(target));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return target.toByteArray();
    }

    private LogBytes batch(int attributes, byte[] key, List<byte[]> values) {
        var covered = written(out -> {
            out.writeShort(attributes);
            out.writeInt(values.size() - 1);
            out.writeLong(TIMESTAMP);
            out.writeLong(TIMESTAMP);
            out.writeLong(-1);
            out.writeShort(-1);
            out.writeInt(-1);
            out.writeInt(values.size());
            for (int i = 0; i < values.size(); i++) {
                record(out, i, key, values.get(i));
            }
        });
        var crc = new CRC32C();
        crc.update(covered);
        positions.add(bytes.size());
        bytes.writeBytes(written(out -> {
            out.writeLong(nextOffset);
            out.writeInt(covered.length + 9);
            out.writeInt(epoch);
            out.writeByte(2);
            out.writeInt((int) crc.getValue());
            out.write(covered);
        }));
        nextOffset += values.size();
        return this;
    }

    private static void record(DataOutputStream out, int offsetDelta, byte[] key, byte[] value) throws IOException {
        var body = written(inner -> {
            inner.writeByte(0);
            varint(inner, 0);
            varint(inner, offsetDelta);
            varint(inner, key.length == 0 ? -1 : key.length);
            inner.write(key);
            varint(inner, value.length);
            inner.write(value);
            varint(inner, 0);
        });
        varint(out, body.length);
        out.write(body);
    }

    private static void varint(DataOutputStream out, int value) throws IOException {
        int raw = (value << 1) ^ (value >> 31);
        while ((raw & ~0x7f) != 0) {
            out.writeByte((raw & 0x7f) | 0x80);
            raw >>>= 7;
        }
        out.writeByte(raw);
    }

    private static void string(DataOutputStream out, String text) throws IOException {
        var utf8 = text.getBytes(StandardCharsets.UTF_8);
        int length = utf8.length + 1;
        if (length >= 0x80) {
            out.writeByte((length & 0x7f) | 0x80);
            length >>>= 7;
        }
        out.writeByte(length);
        out.write(utf8);
    }

    private static void uuid(DataOutputStream out, Uuid id) throws IOException {
        out.writeLong(id.getMostSignificantBits());
        out.writeLong(id.getLeastSignificantBits());
    }

    private static void nodes(DataOutputStream out, int... ids) throws IOException {
        out.writeByte(ids.length + 1);
        for (int id : ids) {
            out.writeInt(id);
        }
    }
}
