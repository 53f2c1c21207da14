package io.vitrine.coordinator;

import io.vitrine.metadata.MetadataService;
import io.vitrine.metadata.Topic;
import io.vitrine.metadata.TopicPartition;
import io.vitrine.partition.Partition;
import io.vitrine.partition.PartitionLogService;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/// A topic in whose partitions a coordinator keeps what it knows: `__consumer_offsets`, where each group lives in one
/// of them; `__share_group_state`, where what share groups were given and have acknowledged does; or
/// `__transaction_state`, where each transactional id does.
public final class CoordinatorTopic {
    public static final String OF_GROUPS = "__consumer_offsets";
    public static final String OF_SHARES = "__share_group_state";
    public static final String OF_TRANSACTIONS = "__transaction_state";

    private final String name;
    private final MetadataService metadata;
    private final PartitionLogService partitions;

    public CoordinatorTopic(String name, MetadataService metadata, PartitionLogService partitions) {
        this.name = name;
        this.metadata = metadata;
        this.partitions = partitions;
    }

    public String name() {
        return name;
    }

    public Optional<Topic> find() {
        return metadata.image().findTopic(name);
    }

    /// The partition with this index, if it is hosted here.
    public Optional<Partition> findPartition(int index) {
        return partitions.find(new TopicPartition(name, index));
    }

    /// Makes the topic unless there is one. It waits for the disk; when it returns, the logs are open.
    ///
    /// @throws IOException if it could not be made
    public void createIfMissing(int partitionCount, Map<String, String> configs) throws IOException {
        if (find().isEmpty()) {
            metadata.createTopic(name, partitionCount, configs);
        }
    }

    /// Forgets the records of a partition before `offset`.
    ///
    /// @throws IllegalArgumentException if `offset` is behind the end, or the partition is not here
    public void deleteRecords(int partition, long offset) {
        partitions.deleteRecords(
                findPartition(partition)
                        .orElseThrow(() -> new IllegalArgumentException(
                                "partition %d of %s is not hosted here".formatted(partition, name))),
                offset);
    }

    /// How many partitions there are, or would be.
    public int partitionCount(int ifMissing) {
        return find().map(topic -> topic.partitions().size()).orElse(ifMissing);
    }

    /// The index of a partition of this topic as Kafka names it.
    public int index(org.apache.kafka.common.TopicPartition partition) {
        if (!partition.topic().equals(name)) {
            throw new IllegalArgumentException(partition + " is no partition of " + name);
        }
        return partition.partition();
    }
}
