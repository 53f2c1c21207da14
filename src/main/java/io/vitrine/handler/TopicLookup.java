package io.vitrine.handler;

import io.vitrine.log.Offsets;
import io.vitrine.metadata.MetadataService;
import io.vitrine.metadata.Topic;
import io.vitrine.metadata.TopicPartition;
import io.vitrine.partition.Partition;
import io.vitrine.partition.PartitionLogService;
import io.vitrine.protocol.Facts;
import io.vitrine.protocol.Request;
import io.vitrine.protocol.Subject;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.Errors;

/// Finds the partition that a request names, by topic name or by topic id, or the error that Kafka has for it.
final class TopicLookup {
    private static final int NO_EPOCH = -1;

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

    Found find(String name, int partition) {
        return metadata.image()
                .findTopic(name)
                .map(topic -> find(topic, partition))
                .orElseGet(() -> new Found.Missing(Errors.UNKNOWN_TOPIC_OR_PARTITION, "no topic is called " + name));
    }

    Found find(Uuid id, int partition) {
        return metadata.image()
                .findTopic(id)
                .map(topic -> find(topic, partition))
                .orElseGet(() -> new Found.Missing(Errors.UNKNOWN_TOPIC_ID, "no topic has the id " + id));
    }

    /// Finds a partition of a fetch session. A topic that the session knew by its id is looked for by its name when
    /// the id is gone, so that the client is told what has become of it: deleted, or made again.
    Found find(FetchedPartition wanted) {
        var name = wanted.name();
        if (name.topicId().equals(Uuid.ZERO_UUID)) {
            return find(name.topic(), name.partition());
        }
        var topic = metadata.image().findTopic(name.topicId());
        if (topic.isPresent()) {
            wanted.foundTopic(topic.get().name());
            return find(topic.get(), name.partition());
        }
        if (wanted.topic().isEmpty()) {
            return new Found.Missing(Errors.UNKNOWN_TOPIC_ID, "no topic has the id " + name.topicId());
        }
        return switch (find(wanted.topic(), name.partition())) {
            case Found.Hosted _ ->
                new Found.Missing(
                        Errors.INCONSISTENT_TOPIC_ID,
                        "topic %s has been made again, and its id is no longer %s"
                                .formatted(wanted.topic(), name.topicId()));
            case Found.Missing missing -> missing;
        };
    }

    private Found find(Topic found, int partition) {
        var state = found.findPartition(partition);
        if (state.isEmpty()) {
            return new Found.Missing(
                    Errors.UNKNOWN_TOPIC_OR_PARTITION,
                    "topic %s has partitions 0 to %d"
                            .formatted(found.name(), found.partitions().size() - 1));
        }
        int nodeId = metadata.image().nodeId();
        if (state.get().leader() != nodeId) {
            return new Found.Missing(
                    Errors.NOT_LEADER_OR_FOLLOWER,
                    "the leader is node %d, this is node %d"
                            .formatted(state.get().leader(), nodeId));
        }
        return partitions
                .find(new TopicPartition(found.name(), partition))
                // It may have been deleted and made again since the image was looked at.
                .filter(hosted -> hosted.topicId().equals(found.id()))
                .<Found>map(Found.Hosted::new)
                .orElseGet(() -> new Found.Missing(
                        Errors.NOT_LEADER_OR_FOLLOWER,
                        "the partition is not on node " + metadata.image().nodeId()));
    }

    /// Compares the leader epoch that a client believes in with ours.
    static Errors checkLeaderEpoch(int believed, Partition partition) {
        if (believed == NO_EPOCH || believed == partition.leaderEpoch()) {
            return Errors.NONE;
        }
        return believed < partition.leaderEpoch() ? Errors.FENCED_LEADER_EPOCH : Errors.UNKNOWN_LEADER_EPOCH;
    }

    /// What shows that [#checkLeaderEpoch] was right to say no.
    static Facts epochFacts(int believed, Partition partition) {
        return Facts.compared(partition.leaderEpoch(), believed).with("leaderEpoch", partition.leaderEpoch());
    }

    /// Keeps why [#checkLeaderEpoch] said no.
    static void noteEpoch(Request<?> request, Subject subject, Errors error, int believed, Partition partition) {
        var detail = epochDetail(believed, partition);
        request.noteRefusal(subject, error, error.name(), detail, epochFacts(believed, partition));
    }

    /// What shows that an offset is outside of a log.
    static Facts rangeFacts(long offset, Offsets offsets) {
        return Facts.compared("%d to %d".formatted(offsets.logStartOffset(), offsets.highWatermark()), offset)
                .with("offset", offset)
                .with("logStartOffset", offsets.logStartOffset())
                .with("highWatermark", offsets.highWatermark());
    }

    /// Why [#checkLeaderEpoch] said no.
    static String epochDetail(int believed, Partition partition) {
        return "leader epoch is %d, the client believes %d".formatted(partition.leaderEpoch(), believed);
    }
}
