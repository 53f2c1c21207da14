package io.vitrine.group;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.server.util.PartitionMetadataClient;

/// Where the coordinator would look up the ends of partitions for share groups, which are not served.
final class NoPartitionMetadata implements PartitionMetadataClient {

    @Override
    public Map<TopicPartition, CompletableFuture<OffsetResponse>> listLatestOffsets(Set<TopicPartition> partitions) {
        var unsupported = CompletableFuture.completedFuture(new OffsetResponse(-1, Errors.UNSUPPORTED_VERSION));
        return partitions.stream().collect(Collectors.toMap(Function.identity(), _ -> unsupported));
    }

    @Override
    public void close() {}
}
