package io.vitrine.coordinator;

/// The key or the value of a coordinator's record, for people.
///
/// @param type Kafka's name of it, such as `OffsetCommitKey`
/// @param version of a value; of a key the number that stands for its type
/// @param json its fields, as Kafka's own tools print them
public record DecodedCoordinatorRecord(String type, int version, String json) {}
