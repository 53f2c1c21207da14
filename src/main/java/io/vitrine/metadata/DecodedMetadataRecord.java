package io.vitrine.metadata;

/// A metadata record for people.
///
/// @param type Kafka's name of the record, such as `TopicRecord`
/// @param json its fields, as Kafka's own tools print them
public record DecodedMetadataRecord(String type, short typeId, short version, String json) {}
