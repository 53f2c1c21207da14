package io.vitrine.protocol;

import java.util.List;

/// The fetch sessions as those see them who do not serve them. Thread-safe.
public interface FetchSessionOverview {
    int sessionCount();

    /// `max.incremental.fetch.session.cache.slots`.
    int slots();

    /// Partitions of all sessions together.
    int partitionCount();

    /// How many partitions all sessions together may have.
    int maxPartitions();

    /// Sessions that had to make room for others, since the start.
    long evictedCount();

    /// The sessions with this id and greater ones, in the order of the ids.
    List<FetchSessionEntry> list(int from, int limit, int maxPartitions);
}
