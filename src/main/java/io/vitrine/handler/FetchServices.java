package io.vitrine.handler;

import io.vitrine.partition.ColdReads;
import io.vitrine.protocol.FetchCounters;
import io.vitrine.protocol.Purgatory;

/// What all fetches share.
///
/// @param maxResponseBytes `fetch.max.bytes`
record FetchServices(
        TopicLookup topics,
        LeaderHint leader,
        ColdReads coldReads,
        FetchSessions sessions,
        Purgatory purgatory,
        FetchCounters counters,
        int maxResponseBytes) {}
