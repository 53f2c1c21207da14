package io.vitrine.coordinator;

import org.apache.kafka.common.protocol.ApiMessage;
import org.jspecify.annotations.Nullable;

/// One record of a coordinator's topic, decoded: something that became true of a group, say.
///
/// @param partition of the topic
/// @param replayed was it read from the log? Else it has just been written
/// @param key what it is about; its `apiKey()` tells the type
/// @param value null where it is no longer so
public record TappedRecord(
        int partition,
        long offset,
        long timestampMs,
        boolean replayed,
        ApiMessage key,
        @Nullable ApiMessage value) {}
