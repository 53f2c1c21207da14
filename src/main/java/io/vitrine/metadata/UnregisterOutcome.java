package io.vitrine.metadata;

/// What became of the wish to forget a broker.
public sealed interface UnregisterOutcome {
    record Unregistered() implements UnregisterOutcome {}

    record NotRegistered() implements UnregisterOutcome {}

    /// It is this broker.
    record Running() implements UnregisterOutcome {}

    /// There are partitions that need it.
    ///
    /// @param partitions that it leads, or is in sync with, by what the log says
    record InUse(int partitions) implements UnregisterOutcome {}
}
