package io.vitrine.transaction;

import io.vitrine.coordinator.CoordinatorTopic;
import io.vitrine.coordinator.MarkerFailure;
import io.vitrine.metadata.MetadataService;
import io.vitrine.metadata.Topic;
import io.vitrine.metadata.TopicPartition;
import io.vitrine.partition.AppendOutcome;
import io.vitrine.partition.Durability;
import io.vitrine.partition.Partition;
import io.vitrine.partition.PartitionLogService;
import io.vitrine.partition.TransactionMarker;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.errors.CoordinatorLoadInProgressException;
import org.apache.kafka.common.errors.CoordinatorNotAvailableException;
import org.apache.kafka.common.errors.NotCoordinatorException;
import org.apache.kafka.common.errors.NotLeaderOrFollowerException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/// Writes into a partition how a producer's transaction has ended: into `__consumer_offsets` through the coordinator
/// of the groups in there, which must hear of it.
public final class MarkerWriter {
    private final MetadataService metadata;
    private final PartitionLogService partitions;
    private final OffsetMarkers offsets;

    public MarkerWriter(MetadataService metadata, PartitionLogService partitions, OffsetMarkers offsets) {
        this.metadata = metadata;
        this.partitions = partitions;
        this.offsets = offsets;
    }

    /// Writes a marker.
    ///
    /// @return completed when it is on disk; fails with Kafka's exception
    public CompletableFuture<Void> write(TopicPartition partition, TransactionMarker marker) {
        if (!exists(partition)) {
            return CompletableFuture.failedFuture(
                    new UnknownTopicOrPartitionException("there is no partition %s".formatted(partition)));
        }
        if (partition.topic().equals(CoordinatorTopic.OF_GROUPS)) {
            return offsets.complete(partition, marker).exceptionallyCompose(MarkerWriter::ofGroups);
        }
        return partitions
                .find(partition)
                .map(found -> write(found, marker))
                .orElseGet(() -> CompletableFuture.failedFuture(
                        new NotLeaderOrFollowerException("%s is not hosted here".formatted(partition))));
    }

    private static CompletableFuture<Void> write(Partition partition, TransactionMarker marker) {
        return partition.transactions().end(marker, Durability.DISK).thenCompose(MarkerWriter::result);
    }

    private static CompletableFuture<Void> result(AppendOutcome outcome) {
        return MarkerFailure.of(outcome)
                .<CompletableFuture<Void>>map(CompletableFuture::failedFuture)
                .orElseGet(() -> CompletableFuture.completedFuture(null));
    }

    /// Whoever writes markers knows of leaders, not of the coordinators of groups.
    private static CompletableFuture<Void> ofGroups(Throwable thrown) {
        var cause = Causes.of(thrown);
        boolean isNotReady = cause instanceof CoordinatorNotAvailableException
                || cause instanceof CoordinatorLoadInProgressException
                || cause instanceof NotCoordinatorException;
        return CompletableFuture.failedFuture(
                isNotReady ? new NotLeaderOrFollowerException(String.valueOf(cause.getMessage())) : cause);
    }

    /// No transaction writes to the topics of the other coordinators, which would not know of the marker.
    private boolean exists(TopicPartition partition) {
        boolean isOfCoordinator =
                Topic.isInternal(partition.topic()) && !partition.topic().equals(CoordinatorTopic.OF_GROUPS);
        return !isOfCoordinator
                && metadata.image()
                        .findTopic(partition.topic())
                        .flatMap(topic -> topic.findPartition(partition.partition()))
                        .isPresent();
    }
}
