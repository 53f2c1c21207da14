package io.vitrine.metadata;

/// What became of the wish for a new topic.
public sealed interface CreateTopicOutcome {
    /// The topic is on disk and in the image, and its logs are open.
    record Created(Topic topic) implements CreateTopicOutcome {}

    /// The topic could be created. It was only asked whether; nothing was written, and the id will not be that one.
    record Valid(Topic topic) implements CreateTopicOutcome {}

    /// A topic of that name was there before, perhaps with other partitions or configs.
    record AlreadyExists(Topic topic) implements CreateTopicOutcome {}

    /// Nothing was written.
    ///
    /// @param reason in the words of Kafka's, where it has any
    record Refused(Refusal kind, String reason) implements CreateTopicOutcome {}

    /// The rule that a refused wish breaks.
    enum Refusal {
        INVALID_NAME,
        /// Kafka's metrics turn `.` into `_`, so two names that differ only there would become one.
        NAME_COLLISION,
        /// It is the name of the metadata log.
        RESERVED_NAME,
        INVALID_PARTITIONS,
        INVALID_REPLICATION_FACTOR,
        /// Partitions are assigned, and counted as well.
        CONTRADICTION,
        /// Partitions are assigned to nodes that cannot have them, or with gaps.
        INVALID_ASSIGNMENT,
        /// More records than a change of the metadata may have, which is one batch.
        TOO_MANY_RECORDS,
        INVALID_CONFIG
    }
}
