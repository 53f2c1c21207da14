package io.vitrine.metadata;

/// What became of the wish that a topic be deleted.
public sealed interface DeleteTopicOutcome {
    /// The topic is not in the image any more, and none of its partitions is served.
    ///
    /// @param topic as it was
    record Deleted(Topic topic) implements DeleteTopicOutcome {}

    /// There is no such topic.
    record Unknown() implements DeleteTopicOutcome {}

    /// Nothing was deleted.
    record Refused(Refusal kind, String reason) implements DeleteTopicOutcome {}

    /// The rule that a refused wish breaks.
    enum Refusal {
        /// `delete.topic.enable` is false.
        DISABLED,
        /// More records than a change of the metadata may have, which is one batch.
        TOO_MANY_RECORDS
    }
}
