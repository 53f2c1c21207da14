package io.vitrine.metadata;

/// What became of the wish for more partitions.
public sealed interface GrowTopicOutcome {
    /// The partitions are on disk and in the image, and their logs are open.
    record Grown(Topic topic) implements GrowTopicOutcome {}

    /// The topic could have so many. It was only asked whether; nothing was written.
    record Valid(Topic topic) implements GrowTopicOutcome {}

    /// There is no such topic.
    record Unknown() implements GrowTopicOutcome {}

    /// Nothing was written.
    ///
    /// @param reason in Kafka's words
    record Refused(Refusal kind, String reason) implements GrowTopicOutcome {}

    /// The rule that a refused wish breaks.
    enum Refusal {
        /// It has as many already, or more: partitions cannot be taken away.
        NO_INCREASE,
        /// The other partitions have replicas elsewhere, which the new ones could not have.
        INVALID_REPLICATION_FACTOR,
        INVALID_ASSIGNMENT,
        /// More records than a change of the metadata may have, which is one batch.
        TOO_MANY_RECORDS
    }
}
