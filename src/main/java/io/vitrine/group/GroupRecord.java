package io.vitrine.group;

import org.apache.kafka.common.protocol.ApiMessage;
import org.jspecify.annotations.Nullable;

/// One record of `__consumer_offsets`, decoded: something that became true of a group.
///
/// @param partition of `__consumer_offsets`
/// @param replayed was it read from the log? Else it has just been written
/// @param key what it is about; its `apiKey()` tells the type
/// @param value null where it is no longer so
public record GroupRecord(
        int partition,
        long offset,
        long timestampMs,
        boolean replayed,
        ApiMessage key,
        @Nullable ApiMessage value) {}
