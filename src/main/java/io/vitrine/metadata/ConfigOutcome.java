package io.vitrine.metadata;

import java.util.Map;

/// What became of the wish to change configs of one thing. It becomes all true, or not at all.
public sealed interface ConfigOutcome {
    /// It is on disk, and in force; or would be, where it was only to be looked at.
    ///
    /// @param configs all that is set then
    record Changed(Map<String, String> configs) implements ConfigOutcome {}

    /// Nothing was changed.
    record Refused(Refusal kind, String reason) implements ConfigOutcome {}

    /// The rule that a refused wish breaks.
    enum Refusal {
        /// The wish contradicts itself, or names something that has no configs.
        INVALID_REQUEST,
        /// There is no such config, or it can't have this value.
        INVALID_CONFIG,
        INVALID_TOPIC_NAME,
        UNKNOWN_TOPIC
    }
}
