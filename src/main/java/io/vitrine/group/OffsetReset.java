package io.vitrine.group;

import io.vitrine.metadata.TopicPartition;
import org.jspecify.annotations.Nullable;

/// What a reset does to the committed offset of one partition.
///
/// @param before null if nothing is committed
/// @param after null if it can't be moved
/// @param logStartOffset null if there is no log
/// @param endOffset null if there is no log
/// @param note what is remarkable about it, such as why it can't be moved; null if nothing is
public record OffsetReset(
        TopicPartition partition,
        @Nullable Long before,
        @Nullable Long after,
        @Nullable Long logStartOffset,
        @Nullable Long endOffset,
        @Nullable String note) {}
