package io.vitrine.anatomy;

import io.vitrine.inspect.AnatomyField.Value;
import io.vitrine.inspect.PayloadText;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.types.Field;
import org.apache.kafka.common.protocol.types.Type.DocumentedType;
import org.jspecify.annotations.Nullable;

/// Reads the values that have no parts: numbers, and what has a length and bytes.
/// ```
///                   length                                   null is
///   STRING          two bytes                                -1
///   BYTES           four bytes                               -1
///   COMPACT_…       unsigned varint, one more than it is     0
/// ```
final class ValueReader {
    private static final int NULL = -1;

    private final MessageInput in;
    private final FieldLog log;
    private final BatchSplitter batches;

    ValueReader(MessageInput in, FieldLog log, BatchSplitter batches) {
        this.in = in;
        this.log = log;
        this.batches = batches;
    }

    void read(DocumentedType type, String name, Field field) throws MalformedMessageException {
        switch (type.typeName()) {
            case "BOOLEAN" -> readBoolean(name, field);
            case "INT8" -> readNumber(name, field, 1);
            case "INT16" -> readNumber(name, field, 2);
            case "UINT16" -> readUnsigned16(name, field);
            case "INT32" -> readNumber(name, field, 4);
            case "INT64" -> readNumber(name, field, 8);
            case "UUID" -> readUuid(name, field);
            case "FLOAT64" -> readFloat(name, field);
            default -> readSized(type, name, field);
        }
    }

    /// Reads the number of a null or of what is there, as arrays, strings and bytes have it.
    ///
    /// @param fixedBytes of the number, where it is not compact
    /// @return how many, or -1 for null
    int readCount(String name, boolean compact, int fixedBytes, String what) throws MalformedMessageException {
        int start = in.position();
        long count = compact ? in.takeUnsignedVarint(name) - 1 : number(in.take(fixedBytes, name));
        if (count == NULL) {
            log.note(name, start, in.since(start), new Value.Numeric(count), "null");
            return NULL;
        }
        var stored = compact ? "%s, stored as %d".formatted(what, count + 1) : what;
        log.note(name, start, in.since(start), new Value.Numeric(count), stored);
        if (count < 0 || count > in.remaining()) {
            throw new MalformedMessageException(
                    start, "%s is %d, and %d bytes follow".formatted(log.fullName(name), count, in.remaining()));
        }
        return (int) count;
    }

    /// Reads what no schema describes.
    void readOpaque(String name, int length, @Nullable String meaning) throws MalformedMessageException {
        int start = in.position();
        var bytes = in.take(length, name);
        log.note(name, start, bytes, null, meaning);
    }

    private void readNumber(String name, Field field, int sizeInBytes) throws MalformedMessageException {
        int start = in.position();
        var bytes = in.take(sizeInBytes, log.fullName(name));
        long value = number(bytes);
        log.note(name, start, bytes, new Value.Numeric(value), FieldMeaning.of(field, value));
    }

    private void readUnsigned16(String name, Field field) throws MalformedMessageException {
        int start = in.position();
        var bytes = in.take(2, log.fullName(name));
        long value = Short.toUnsignedLong(bytes.getShort(0));
        log.note(name, start, bytes, new Value.Numeric(value), FieldMeaning.of(field, value));
    }

    private void readBoolean(String name, Field field) throws MalformedMessageException {
        int start = in.position();
        var bytes = in.take(1, log.fullName(name));
        var value = new Value.Json(bytes.get(0) == 0 ? "false" : "true");
        log.note(name, start, bytes, value, FieldMeaning.ofKafka(field));
    }

    private void readUuid(String name, Field field) throws MalformedMessageException {
        int start = in.position();
        var bytes = in.take(16, log.fullName(name));
        var value = new Value.Text(new Uuid(bytes.getLong(0), bytes.getLong(8)).toString());
        log.note(name, start, bytes, value, FieldMeaning.ofKafka(field));
    }

    private void readFloat(String name, Field field) throws MalformedMessageException {
        int start = in.position();
        var bytes = in.take(8, log.fullName(name));
        double value = bytes.getDouble(0);
        var shown = Double.isFinite(value)
                ? new Value.Json(Double.toString(value))
                : new Value.Text(Double.toString(value));
        log.note(name, start, bytes, shown, FieldMeaning.ofKafka(field));
    }

    private void readSized(DocumentedType type, String name, Field field) throws MalformedMessageException {
        var typeName = type.typeName();
        boolean string = typeName.endsWith("STRING");
        boolean records = typeName.endsWith("RECORDS");
        int lengthAt = in.position();
        int length = readCount(name + "Length", typeName.startsWith("COMPACT_"), string ? 2 : 4, "bytes that follow");
        if (length == NULL) {
            // Kafka's own readers take records that are not there for none at all.
            if (!type.isNullable() && !records) {
                throw new MalformedMessageException(
                        lengthAt, "%s is null, which it must not be".formatted(log.fullName(name)));
            }
            return;
        }
        int start = in.position();
        var bytes = in.take(length, log.fullName(name));
        log.note(name, start, bytes, string ? text(bytes) : readable(bytes), meaning(field, string, bytes));
        if (records) {
            batches.split(log.fullName(name), start, bytes);
        }
    }

    private static @Nullable String meaning(Field field, boolean string, ByteBuffer bytes) {
        return string && text(bytes) == null ? "not UTF-8" : FieldMeaning.ofKafka(field);
    }

    private static @Nullable Value text(ByteBuffer bytes) {
        try {
            return new Value.Text(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(bytes.duplicate())
                    .toString());
        } catch (CharacterCodingException e) {
            return null;
        }
    }

    private static @Nullable Value readable(ByteBuffer bytes) {
        var copy = new byte[bytes.remaining()];
        bytes.get(bytes.position(), copy);
        return PayloadText.findReadable(copy).map(Value.Text::new).orElse(null);
    }

    private static long number(ByteBuffer bytes) {
        return switch (bytes.remaining()) {
            case 1 -> bytes.get(0);
            case 2 -> bytes.getShort(0);
            case 4 -> bytes.getInt(0);
            default -> bytes.getLong(0);
        };
    }

    /// The name that Kafka's messages give a field in JSON: `topic_id` is `topicId`.
    static String camelCase(String name) {
        var parts = name.split("_", -1);
        var camel = new StringBuilder(parts[0]);
        for (int i = 1; i < parts.length; i++) {
            camel.append(parts[i].substring(0, 1).toUpperCase(Locale.ROOT)).append(parts[i].substring(1));
        }
        return camel.toString();
    }
}
