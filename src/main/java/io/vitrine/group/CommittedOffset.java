package io.vitrine.group;

import io.vitrine.metadata.TopicPartition;
import org.jspecify.annotations.Nullable;

/// How far a group has read a partition, by its own account.
///
/// @param leaderEpoch of the last record read; -1 if the client did not say
/// @param metadata whatever the client has put there
/// @param timestamp when it was committed; null if that is not known any more
public record CommittedOffset(
        TopicPartition partition,
        long offset,
        int leaderEpoch,
        String metadata,
        @Nullable Long timestamp) {}
