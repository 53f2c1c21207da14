package io.vitrine.group;

import io.vitrine.log.Offsets;
import io.vitrine.metadata.TopicPartition;
import io.vitrine.partition.Partition;
import io.vitrine.partition.PartitionLogService;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.server.util.PartitionMetadataClient;

/// Where the coordinator looks up the ends of partitions, for the lag of share groups.
final class ShareOffsets implements PartitionMetadataClient {
    private final PartitionLogService partitions;

    ShareOffsets(PartitionLogService partitions) {
        this.partitions = partitions;
    }

    @Override
    public Map<org.apache.kafka.common.TopicPartition, CompletableFuture<OffsetResponse>> listLatestOffsets(
            Set<org.apache.kafka.common.TopicPartition> wanted) {
        return wanted.stream()
                .collect(Collectors.toMap(
                        Function.identity(), partition -> CompletableFuture.completedFuture(end(partition))));
    }

    private OffsetResponse end(org.apache.kafka.common.TopicPartition partition) {
        return partitions
                .find(new TopicPartition(partition.topic(), partition.partition()))
                .flatMap(Partition::findOffsets)
                .map(Offsets::highWatermark)
                .map(offset -> new OffsetResponse(offset, Errors.NONE))
                .orElseGet(() -> new OffsetResponse(-1, Errors.UNKNOWN_TOPIC_OR_PARTITION));
    }

    @Override
    public void close() {}
}
