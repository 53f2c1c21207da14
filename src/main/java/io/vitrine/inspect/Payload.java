package io.vitrine.inspect;

/// The bytes of a key, a value or a header, made readable. A null in the record is no payload at all.
public sealed interface Payload {
    /// Bytes in the record, whatever is shown of them.
    int sizeInBytes();

    /// As text, base64 or hex.
    ///
    /// @param truncated are there more bytes than `data` shows?
    record Text(PayloadFormat format, String data, int sizeInBytes, boolean truncated) implements Payload {}

    /// As JSON on one line.
    record Json(String json, int sizeInBytes) implements Payload {}

    /// Something that Kafka wrote for itself, decoded.
    ///
    /// @param type Kafka's name of it, such as `TopicRecord` or `OffsetCommitValue`
    record KafkaRecord(Format format, String type, int version, String json, int sizeInBytes) implements Payload {
        /// Whose encoding it is.
        public enum Format {
            METADATA,
            GROUP,
            SHARE,
            TRANSACTION
        }
    }

    /// Something that Kafka should have written for itself, but that can't be decoded.
    ///
    /// @param raw what can be shown of it
    record Undecoded(Payload raw, String reason) implements Payload {
        @Override
        public int sizeInBytes() {
            return raw.sizeInBytes();
        }
    }

    /// Not asked for.
    record Omitted(int sizeInBytes) implements Payload {}
}
