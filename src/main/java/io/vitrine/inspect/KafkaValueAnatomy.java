package io.vitrine.inspect;

import io.vitrine.record.MalformedRecordException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Takes apart the keys and values that Kafka writes for itself. The value of a record of the metadata log begins
/// with three unsigned variable-length integers; key and value of a record of the groups begin with a number each:
/// ```
///   frameVersion v | type v | version v | data
///
///   type 2 | data        version 2 | data
/// ```
final class KafkaValueAnatomy {
    private static final int NUMBER_SIZE_IN_BYTES = 2;

    private final RecordKind kind;
    private final boolean control;

    KafkaValueAnatomy(RecordKind kind, boolean control) {
        this.kind = control ? RecordKind.PLAIN : kind;
        this.control = control;
    }

    /// How much of a key or value has to be read to make sense of it.
    int bytesNeeded() {
        return control || kind != RecordKind.PLAIN ? KafkaRecords.MAX_BYTES : 0;
    }

    void explainKey(FieldReader reader, @Nullable Excerpt key) {
        if (key == null || key.isTruncated()) {
            return;
        }
        long start = reader.position() - key.sizeInBytes();
        if (kind.isCoordinators()) {
            explainGroup(reader, start, new Part("key", "type", key), () -> KafkaRecords.coordinatorKey(kind, key));
            return;
        }
        var marker = control ? ControlMarker.find(key.buffer()) : null;
        if (marker != null) {
            reader.part("key.version", start, Arrays.copyOfRange(key.bytes(), 0, 2), number(marker.version()));
            reader.part("key.type", start + 2, Arrays.copyOfRange(key.bytes(), 2, 4), number(marker.typeId()));
            reader.explain(marker.type());
        }
    }

    void explainValue(FieldReader reader, @Nullable Excerpt key, @Nullable Excerpt value) {
        if (value == null || value.isTruncated()) {
            return;
        }
        long start = reader.position() - value.sizeInBytes();
        if (kind == RecordKind.METADATA) {
            explainMetadata(reader, start, value);
        } else if (kind.isCoordinators()) {
            explainGroup(
                    reader,
                    start,
                    new Part("value", "version", value),
                    () -> KafkaRecords.coordinatorValue(kind, key, value));
        } else if (control && key != null) {
            var marker = ControlMarker.find(key.buffer());
            if (marker != null && KafkaRecords.control(marker, key, value).orElse(null) instanceof Payload.Json json) {
                reader.part("value.data", start, value.bytes(), new AnatomyField.Value.Json(json.json()));
            }
        }
    }

    /// What a record without a value says.
    void explainTombstone(FieldReader reader, @Nullable Excerpt key) {
        var deletes = new KafkaRecords(kind, control, RecordOptions.DEFAULTS).deletes(key);
        if (deletes != null) {
            reader.explain("null, deletes " + deletes);
        }
    }

    /// A key or a value of the groups, and what the number at its beginning is.
    private record Part(String name, String number, Excerpt bytes) {}

    @FunctionalInterface
    private interface Decoding {
        Payload.KafkaRecord decode() throws MalformedRecordException;
    }

    private static void explainGroup(FieldReader reader, long start, Part part, Decoding decoding) {
        Payload.KafkaRecord decoded;
        try {
            decoded = decoding.decode();
        } catch (MalformedRecordException e) {
            reader.explain(String.valueOf(e.getMessage()));
            return;
        }
        var bytes = part.bytes().bytes();
        var first = Arrays.copyOf(bytes, NUMBER_SIZE_IN_BYTES);
        reader.part(part.name() + "." + part.number(), start, first, number(decoded.version()));
        reader.explain(decoded.type());
        reader.part(
                part.name() + ".data",
                start + NUMBER_SIZE_IN_BYTES,
                Arrays.copyOfRange(bytes, NUMBER_SIZE_IN_BYTES, bytes.length),
                new AnatomyField.Value.Json(decoded.json()));
    }

    private static void explainMetadata(FieldReader reader, long start, Excerpt value) {
        Payload.KafkaRecord decoded;
        try {
            decoded = KafkaRecords.metadata(value);
        } catch (MalformedRecordException e) {
            reader.explain("not a metadata record that this broker knows");
            return;
        }
        int at = 0;
        for (var name : new String[] {"value.frameVersion", "value.type", "value.version"}) {
            int end = endOfVarint(value.bytes(), at);
            var raw = Arrays.copyOfRange(value.bytes(), at, end);
            reader.part(name, start + at, raw, number(unsigned(raw)));
            if (name.equals("value.type")) {
                reader.explain(decoded.type());
            }
            at = end;
        }
        var data = Arrays.copyOfRange(value.bytes(), at, value.bytes().length);
        reader.part("value.data", start + at, data, new AnatomyField.Value.Json(decoded.json()));
    }

    private static int endOfVarint(byte[] bytes, int start) {
        int at = start;
        while (at < bytes.length - 1 && bytes[at] < 0) {
            at++;
        }
        return at + 1;
    }

    private static long unsigned(byte[] raw) {
        long value = 0;
        for (int i = 0; i < raw.length; i++) {
            value |= (raw[i] & 0x7fL) << (7 * i);
        }
        return value;
    }

    private static AnatomyField.Value number(long value) {
        return new AnatomyField.Value.Numeric(value);
    }
}
