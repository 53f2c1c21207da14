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

    /// A record of the metadata log, decoded.
    ///
    /// @param type Kafka's name of the record, such as `TopicRecord`
    record MetadataRecord(String type, int version, String json, int sizeInBytes) implements Payload {}

    /// Not asked for.
    record Omitted(int sizeInBytes) implements Payload {}
}
