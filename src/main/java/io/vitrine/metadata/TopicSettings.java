package io.vitrine.metadata;

/// What is set for the making and deleting of topics.
///
/// @param partitions `num.partitions`: how many a topic gets that asks for none
/// @param deletionEnabled `delete.topic.enable`
public record TopicSettings(int partitions, boolean deletionEnabled) {
    /// Kafka's.
    public static final TopicSettings DEFAULTS = new TopicSettings(1, true);
}
