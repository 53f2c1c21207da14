package io.vitrine.transaction;

import io.vitrine.metadata.TopicPartition;
import io.vitrine.partition.TransactionMarker;
import java.util.concurrent.CompletableFuture;

/// Ends transactions in `__consumer_offsets`, whose partitions have a coordinator of their own that must hear of it.
@FunctionalInterface
public interface OffsetMarkers {
    /// Ends a transaction there.
    ///
    /// @return completed when it is on disk; fails with Kafka's exception
    CompletableFuture<Void> complete(TopicPartition partition, TransactionMarker marker);
}
