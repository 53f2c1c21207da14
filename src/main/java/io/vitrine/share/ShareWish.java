package io.vitrine.share;

import io.vitrine.group.ShareKey;
import java.util.List;

/// What a member asks for with one fetch.
///
/// @param keys of the share partitions, in the order in which they are looked at
/// @param maxRecords how many records in all; the last batch is given whole all the same
/// @param batchSize how many records the member would like to say one thing of
/// @param strict is `maxRecords` not to be exceeded, even by a part of a batch?
public record ShareWish(
        String groupId,
        String member,
        List<ShareKey> keys,
        long maxWaitMs,
        int minBytes,
        int maxBytes,
        int maxRecords,
        int batchSize,
        boolean strict) {}
