package io.vitrine.handler;

import io.vitrine.metadata.MetadataService;
import io.vitrine.metadata.Topic;
import io.vitrine.metadata.TopicPartition;
import io.vitrine.partition.Partition;
import io.vitrine.partition.PartitionLogService;
import java.util.Optional;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.Errors;

/// Finds the partition that a request names, by topic name or by topic id, or the error that Kafka has for it.
final class TopicLookup {
    private final MetadataService metadata;
    private final PartitionLogService partitions;

    TopicLookup(MetadataService metadata, PartitionLogService partitions) {
        this.metadata = metadata;
        this.partitions = partitions;
    }

    /// What came of looking.
    sealed interface Found {
        /// The partition is here.
        record Hosted(Partition partition) implements Found {}

        /// It is not, for this reason.
        record Missing(Errors error, String detail) implements Found {}
    }

    /// Finds a topic by its id if there is one, else by its name.
    Optional<Topic> findTopic(String name, Uuid id) {
        return id.equals(Uuid.ZERO_UUID)
                ? metadata.image().findTopic(name)
                : metadata.image().findTopic(id);
    }

    /// @param name empty in versions that use ids
    /// @param id zero in versions that use names
    Found find(String name, Uuid id, int partition) {
        boolean byId = !id.equals(Uuid.ZERO_UUID);
        var topic = findTopic(name, id);
        if (topic.isEmpty()) {
            return byId
                    ? new Found.Missing(Errors.UNKNOWN_TOPIC_ID, "no topic has the id " + id)
                    : new Found.Missing(
                            Errors.UNKNOWN_TOPIC_OR_PARTITION,
                            name.isEmpty() ? "neither topic name nor id" : "no topic is called " + name);
        }
        var found = topic.get();
        if (found.findPartition(partition).isEmpty()) {
            return new Found.Missing(
                    Errors.UNKNOWN_TOPIC_OR_PARTITION,
                    "topic %s has partitions 0 to %d"
                            .formatted(found.name(), found.partitions().size() - 1));
        }
        return partitions
                .find(new TopicPartition(found.name(), partition))
                .<Found>map(Found.Hosted::new)
                .orElseGet(() -> new Found.Missing(
                        Errors.NOT_LEADER_OR_FOLLOWER,
                        "the partition is not on node " + metadata.image().nodeId()));
    }

    /// Compares the leader epoch that a client believes in with ours.
    static Errors checkLeaderEpoch(int believed, Partition partition) {
        if (believed < 0 || believed == partition.leaderEpoch()) {
            return Errors.NONE;
        }
        return believed < partition.leaderEpoch() ? Errors.FENCED_LEADER_EPOCH : Errors.UNKNOWN_LEADER_EPOCH;
    }
}
