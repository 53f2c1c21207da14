package io.vitrine.group;

import io.vitrine.metadata.MetadataService;
import io.vitrine.metadata.Topic;
import io.vitrine.metadata.TopicPartition;
import io.vitrine.partition.Partition;
import io.vitrine.partition.PartitionLogService;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/// `__consumer_offsets`, the topic in whose partitions the groups live: each group in one of them.
final class OffsetsTopic {
    static final String NAME = "__consumer_offsets";

    private final MetadataService metadata;
    private final PartitionLogService partitions;

    OffsetsTopic(MetadataService metadata, PartitionLogService partitions) {
        this.metadata = metadata;
        this.partitions = partitions;
    }

    Optional<Topic> find() {
        return metadata.image().findTopic(NAME);
    }

    /// The partition with this index, if it is hosted here.
    Optional<Partition> findPartition(int index) {
        return partitions.find(new TopicPartition(NAME, index));
    }

    /// Makes the topic unless there is one. It waits for the disk; when it returns, the logs are open.
    ///
    /// @throws IOException if it could not be made
    void createIfMissing(int partitionCount, Map<String, String> configs) throws IOException {
        if (find().isEmpty()) {
            metadata.createTopic(NAME, partitionCount, configs);
        }
    }

    /// How many partitions there are, or would be.
    int partitionCount(int ifMissing) {
        return find().map(topic -> topic.partitions().size()).orElse(ifMissing);
    }

    /// The index of a partition of this topic as Kafka names it.
    static int index(org.apache.kafka.common.TopicPartition partition) {
        if (!partition.topic().equals(NAME)) {
            throw new IllegalArgumentException(partition + " is no partition of " + NAME);
        }
        return partition.partition();
    }
}
