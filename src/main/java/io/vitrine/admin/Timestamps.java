package io.vitrine.admin;

import io.vitrine.record.RecordBatch;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Kafka's milliseconds, spelled out for people.
final class Timestamps {
    private Timestamps() {}

    /// ISO 8601 in UTC; null for "none".
    static @Nullable String iso(long timestamp) {
        return timestamp == RecordBatch.NO_TIMESTAMP
                ? null
                : Instant.ofEpochMilli(timestamp).toString();
    }
}
