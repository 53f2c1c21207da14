package io.vitrine.protocol;

import java.time.Instant;
import java.util.List;

/// A fetch session, for those who look at it.
///
/// @param epoch that its next fetch has to have
/// @param usesTopicIds does it name topics by id?
/// @param partitions the first of them, in the order in which they are served next
/// @param partitionCount how many it has
/// @param activePartitions how many of them the next fetch looks at; nothing has happened to the others
/// @param waiting does a fetch of it wait at this moment?
public record FetchSessionEntry(
        int id,
        int epoch,
        boolean usesTopicIds,
        String clientId,
        String address,
        Instant created,
        Instant lastUsed,
        List<String> partitions,
        int partitionCount,
        int activePartitions,
        boolean waiting) {}
