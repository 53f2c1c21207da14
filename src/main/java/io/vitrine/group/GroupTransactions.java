package io.vitrine.group;

import io.vitrine.coordinator.CoordinatorTopic;
import io.vitrine.metadata.TopicPartition;
import io.vitrine.partition.TransactionMarker;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData;
import org.apache.kafka.common.message.TxnOffsetCommitResponseData;
import org.apache.kafka.common.requests.TransactionResult;
import org.apache.kafka.common.utils.internals.BufferSupplier;

/// The groups as transactions see them: offsets that are committed as part of one, and its end. Nothing here waits.
public final class GroupTransactions {
    private final GroupService groups;

    public GroupTransactions(GroupService groups) {
        this.groups = groups;
    }

    /// Keeps offsets as part of a transaction.
    public CompletableFuture<TxnOffsetCommitResponseData> commitOffsets(
            GroupCaller caller, TxnOffsetCommitRequestData request) {
        return groups.ask(
                coordinator -> coordinator.commitTransactionalOffsets(caller, request, BufferSupplier.NO_CACHING));
    }

    /// In which partition a group lives, and so what a transaction touches that commits offsets of it.
    public CompletableFuture<TopicPartition> partitionOf(String groupId) {
        return groups.ask(coordinator -> CompletableFuture.completedFuture(
                new TopicPartition(CoordinatorTopic.OF_GROUPS, coordinator.partitionFor(groupId))));
    }

    /// Ends a transaction in a partition of `__consumer_offsets`: the offsets that were part of it hold from now on, or
    /// are forgotten.
    ///
    /// @return completed when it is on disk; fails with Kafka's exception
    public CompletableFuture<Void> end(TopicPartition partition, TransactionMarker marker) {
        return groups.ask(coordinator -> coordinator.completeTransaction(
                new org.apache.kafka.common.TopicPartition(partition.topic(), partition.partition()),
                marker.producerId(),
                marker.producerEpoch(),
                marker.coordinatorEpoch(),
                marker.commit() ? TransactionResult.COMMIT : TransactionResult.ABORT,
                marker.transactionVersion()));
    }
}
