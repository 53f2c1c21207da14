package io.vitrine.protocol;

import java.time.Instant;
import java.util.List;

/// A request that waits, and what for.
///
/// @param id rises with the time at which it began to wait
/// @param api name of the API
/// @param sessionId of the fetch session; 0 if it has none
/// @param since when it began to wait
/// @param deadline when it is answered at the latest
/// @param minBytes what it wants before it is answered
/// @param bytes what there is of that so far
/// @param partitions the first of those that it waits for
/// @param partitionCount how many it waits for
public record PurgatoryEntry(
        long id,
        String api,
        String clientId,
        Caller caller,
        int sessionId,
        Instant since,
        Instant deadline,
        long minBytes,
        long bytes,
        List<String> partitions,
        int partitionCount) {}
