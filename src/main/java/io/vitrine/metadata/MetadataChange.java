package io.vitrine.metadata;

import org.jspecify.annotations.Nullable;

/// One thing that is different between two moments of the metadata.
///
/// @param subject whose it is: a topic, `orders-0`, `BROKER 1`, a feature
/// @param field what of it; empty where the whole of it came or went
/// @param before null if it was not there
/// @param after null if it is not there any more
public record MetadataChange(
        Kind kind,
        String subject,
        String field,
        @Nullable Object before,
        @Nullable Object after) {
    /// What can be different.
    public enum Kind {
        TOPIC,
        PARTITION,
        CONFIG,
        FEATURE,
        PRODUCER_IDS,
        BROKER,
        CONTROLLER,
        TOTAL
    }
}
