package io.vitrine.metadata;

/// What became of the wish for a new topic.
public sealed interface CreateTopicOutcome {
    /// The topic is on disk and in the image.
    record Created(Topic topic) implements CreateTopicOutcome {}

    /// A topic of that name was there before, perhaps with other partitions or configs.
    record AlreadyExists(Topic topic) implements CreateTopicOutcome {}

    /// Nothing was written.
    record Refused(Refusal kind, String reason) implements CreateTopicOutcome {}

    /// The rule that a refused wish breaks.
    enum Refusal {
        INVALID_NAME,
        /// Kafka's metrics turn `.` into `_`, so two names that differ only there would become one.
        NAME_COLLISION,
        INVALID_PARTITIONS,
        /// More records than a change of the metadata may have, which is one batch.
        TOO_MANY_RECORDS,
        INVALID_CONFIG
    }
}
