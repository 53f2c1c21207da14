package io.vitrine.metadata;

/// What became of the wish for another leader or for other replicas of one partition.
public sealed interface PlacementOutcome {
    /// It is on disk and in the image.
    record Changed() implements PlacementOutcome {}

    /// It is so already.
    record NotNeeded() implements PlacementOutcome {}

    record UnknownTopic() implements PlacementOutcome {}

    record UnknownPartition() implements PlacementOutcome {}

    record Refused(Rule rule, String reason) implements PlacementOutcome {}

    /// The rule that a refused wish breaks.
    enum Rule {
        /// Nobody who is here may lead the partition.
        NO_CANDIDATE,
        /// Only a change that is under way can be taken back.
        NOTHING_TO_CANCEL,
        INVALID_ASSIGNMENT,
        /// The caller did not want another number of replicas.
        REPLICATION_FACTOR
    }
}
