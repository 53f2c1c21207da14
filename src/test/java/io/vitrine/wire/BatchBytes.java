package io.vitrine.wire;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.zip.CRC32C;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.utils.internals.ByteBufferOutputStream;
import org.jspecify.annotations.Nullable;

/// Puts a record batch together field by field, without the code under test, so that every field can be wrong.
/// What is not set is right: length, counts and checksum follow from the records.
final class BatchBytes {
    /// 11 September 2024, the time of the fixture's records.
    static final long TIMESTAMP = 1726045973899L;

    private final ByteArrayOutputStream records = new ByteArrayOutputStream();
    private long baseOffset;
    private int lengthError;
    private int leaderEpoch = -1;
    private int magic = 2;
    private int crcError;
    private int attributes;
    private long baseTimestamp = TIMESTAMP;
    private long maxTimestamp = TIMESTAMP;
    private long producerId = -1;
    private int producerEpoch = -1;
    private int baseSequence = -1;
    private int recordCount;
    private @Nullable Integer claimedCount;
    private @Nullable Integer lastOffsetDelta;

    /// A sound batch with a record for each value.
    static BatchBytes of(String... values) {
        var batch = new BatchBytes();
        for (int i = 0; i < values.length; i++) {
            batch.add(RecordBytes.at(i).value(values[i]));
        }
        return batch;
    }

    BatchBytes add(RecordBytes record) {
        recordCount++;
        return raw(record.toByteArray());
    }

    /// Adds bytes to the records that count as none.
    BatchBytes raw(byte... bytes) {
        records.writeBytes(bytes);
        return this;
    }

    BatchBytes baseOffset(long value) {
        baseOffset = value;
        return this;
    }

    /// Has the length field say that much more than is true.
    BatchBytes lengthError(int value) {
        lengthError = value;
        return this;
    }

    BatchBytes leaderEpoch(int value) {
        leaderEpoch = value;
        return this;
    }

    BatchBytes magic(int value) {
        magic = value;
        return this;
    }

    /// Has the checksum be that much off.
    BatchBytes crcError(int value) {
        crcError = value;
        return this;
    }

    BatchBytes attributes(int value) {
        attributes = value;
        return this;
    }

    BatchBytes timestamps(long base, long max) {
        baseTimestamp = base;
        maxTimestamp = max;
        return this;
    }

    BatchBytes producer(long id, int epoch, int sequence) {
        producerId = id;
        producerEpoch = epoch;
        baseSequence = sequence;
        return this;
    }

    BatchBytes claimedCount(int value) {
        claimedCount = value;
        return this;
    }

    BatchBytes lastOffsetDelta(int value) {
        lastOffsetDelta = value;
        return this;
    }

    /// Compresses the records gathered so far, as a whole, and sets the codec in the attributes.
    BatchBytes compressed(CompressionType codec) {
        try (var target = new ByteBufferOutputStream(1024)) {
            try (var packing = Compression.of(codec).build().wrapForOutput(target, (byte) 2)) {
                packing.write(records.toByteArray());
            }
            records.reset();
            records.write(target.buffer().array(), 0, target.position());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        attributes |= codec.id;
        return this;
    }

    byte[] toByteArray() {
        var covered = written(out -> {
            out.writeShort(attributes);
            out.writeInt(Objects.requireNonNullElse(lastOffsetDelta, recordCount - 1));
            out.writeLong(baseTimestamp);
            out.writeLong(maxTimestamp);
            out.writeLong(producerId);
            out.writeShort(producerEpoch);
            out.writeInt(baseSequence);
            out.writeInt(Objects.requireNonNullElse(claimedCount, recordCount));
            records.writeTo(out);
        });
        var crc = new CRC32C();
        crc.update(covered);
        return written(out -> {
            out.writeLong(baseOffset);
            out.writeInt(covered.length + 9 + lengthError);
            out.writeInt(leaderEpoch);
            out.writeByte(magic);
            out.writeInt((int) crc.getValue() + crcError);
            out.write(covered);
        });
    }

    /// One record; a length of null stands for a field that is null.
    static final class RecordBytes {
        private final int offsetDelta;
        private long timestampDelta;
        private byte @Nullable [] key;
        private byte @Nullable [] value;
        private int lengthError;
        private int headerCount;
        private final ByteArrayOutputStream headers = new ByteArrayOutputStream();

        private RecordBytes(int offsetDelta) {
            this.offsetDelta = offsetDelta;
        }

        static RecordBytes at(int offsetDelta) {
            return new RecordBytes(offsetDelta);
        }

        RecordBytes timestampDelta(long delta) {
            timestampDelta = delta;
            return this;
        }

        RecordBytes key(String text) {
            key = text.getBytes(StandardCharsets.UTF_8);
            return this;
        }

        RecordBytes value(String text) {
            value = text.getBytes(StandardCharsets.UTF_8);
            return this;
        }

        RecordBytes lengthError(int error) {
            lengthError = error;
            return this;
        }

        /// Headers as they lie in the record, behind a count that need not be theirs.
        RecordBytes headers(int count, byte... bytes) {
            headerCount = count;
            headers.writeBytes(bytes);
            return this;
        }

        byte[] toByteArray() {
            var body = written(out -> {
                out.writeByte(0);
                varint(out, timestampDelta);
                varint(out, offsetDelta);
                bytes(out, key);
                bytes(out, value);
                varint(out, headerCount);
                headers.writeTo(out);
            });
            return written(out -> {
                varint(out, body.length + lengthError);
                out.write(body);
            });
        }

        private static void bytes(DataOutputStream out, byte @Nullable [] bytes) throws IOException {
            varint(out, bytes == null ? -1 : bytes.length);
            if (bytes != null) {
                out.write(bytes);
            }
        }
    }

    private static void varint(DataOutputStream out, long value) throws IOException {
        long raw = (value << 1) ^ (value >> 63);
        while ((raw & ~0x7fL) != 0) {
            out.writeByte((int) ((raw & 0x7f) | 0x80));
            raw >>>= 7;
        }
        out.writeByte((int) raw);
    }

    private interface Body {
        void write(DataOutputStream out) throws IOException;
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
}
