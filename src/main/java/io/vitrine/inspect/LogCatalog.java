package io.vitrine.inspect;

import io.vitrine.metadata.MetadataService;
import io.vitrine.metadata.TopicPartition;
import io.vitrine.partition.PartitionLogService;
import java.util.Optional;

/// Finds any log that this broker can be looked into, the metadata log among them.
public final class LogCatalog {
    /// The topic as which the metadata log is shown.
    public static final String METADATA_TOPIC = ClusterMetadataLog.NAME.topic();

    private final MetadataService metadata;
    private final PartitionLogService partitions;

    public LogCatalog(MetadataService metadata, PartitionLogService partitions) {
        this.metadata = metadata;
        this.partitions = partitions;
    }

    /// The log of `partition`; empty if it is not hosted here.
    public Optional<ReadableLog> find(TopicPartition partition) {
        return partition.equals(ClusterMetadataLog.NAME)
                ? Optional.of(metadataLog())
                : partitions.find(partition).map(HostedPartitionLog::new);
    }

    public ReadableLog metadataLog() {
        return new ClusterMetadataLog(metadata);
    }
}
