package io.vitrine.inspect;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Takes apart the values that Kafka writes for itself. A record of the metadata log begins with three unsigned
/// variable-length integers:
/// ```
///   frameVersion v | type v | version v | data
/// ```
final class KafkaValueAnatomy {
    private final boolean metadata;
    private final boolean control;

    KafkaValueAnatomy(boolean holdsMetadata, boolean control) {
        this.metadata = holdsMetadata && !control;
        this.control = control;
    }

    /// How much of a key or value has to be read to make sense of it.
    int bytesNeeded() {
        return metadata || control ? BatchRecords.MAX_KAFKA_RECORD_BYTES : 0;
    }

    void explainKey(FieldReader reader, @Nullable Excerpt key) {
        if (!control || key == null || key.isTruncated()) {
            return;
        }
        var marker = ControlMarker.find(key.buffer());
        if (marker != null) {
            long start = reader.position() - key.sizeInBytes();
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
        if (metadata) {
            explainMetadata(reader, start, value);
        } else if (control && key != null) {
            var marker = ControlMarker.find(key.buffer());
            if (marker != null && KafkaRecords.control(marker, key, value).orElse(null) instanceof Payload.Json json) {
                reader.part("value.data", start, value.bytes(), new AnatomyField.Value.Json(json.json()));
            }
        }
    }

    private static void explainMetadata(FieldReader reader, long start, Excerpt value) {
        if (!(KafkaRecords.metadata(value).orElse(null) instanceof Payload.MetadataRecord decoded)) {
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
