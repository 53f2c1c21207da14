package io.vitrine.handler;

import io.vitrine.metadata.MetadataService;
import io.vitrine.metadata.QuorumState;
import io.vitrine.protocol.Answer;
import io.vitrine.protocol.Request;
import io.vitrine.protocol.RequestHandler;
import io.vitrine.protocol.Subject;
import io.vitrine.protocol.VersionRange;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.message.DescribeQuorumRequestData;
import org.apache.kafka.common.message.DescribeQuorumRequestData.TopicData;
import org.apache.kafka.common.message.DescribeQuorumResponseData;
import org.apache.kafka.common.message.DescribeQuorumResponseData.Listener;
import org.apache.kafka.common.message.DescribeQuorumResponseData.ListenerCollection;
import org.apache.kafka.common.message.DescribeQuorumResponseData.Node;
import org.apache.kafka.common.message.DescribeQuorumResponseData.PartitionData;
import org.apache.kafka.common.message.DescribeQuorumResponseData.ReplicaState;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/// Tells of the quorum that keeps the metadata log. Its one voter is this node, which can be asked about it where the
/// caller has asked: there is no listener for controllers.
public final class DescribeQuorumHandler implements RequestHandler<DescribeQuorumRequestData> {
    private static final short FIRST_VERSION_WITH_NODES = 2;

    private final MetadataService metadata;
    private final AdvertisedAddress address;
    private final Clock clock;

    public DescribeQuorumHandler(MetadataService metadata, AdvertisedAddress address, Clock clock) {
        this.metadata = metadata;
        this.address = address;
        this.clock = clock;
    }

    @Override
    public ApiKeys apiKey() {
        return ApiKeys.DESCRIBE_QUORUM;
    }

    @Override
    public VersionRange versions() {
        return VersionRange.of(0, 2);
    }

    @Override
    public CompletionStage<Answer> handle(Request<DescribeQuorumRequestData> request) {
        var topics = request.message().topics();
        var response = new DescribeQuorumResponseData();
        if (request.version() >= FIRST_VERSION_WITH_NODES) {
            response.setErrorMessage("");
        }
        boolean asksForMetadata = isMetadata(topics);
        var quorum = metadata.description().quorum();
        for (var topic : topics) {
            response.topics()
                    .add(new DescribeQuorumResponseData.TopicData()
                            .setTopicName(topic.topicName())
                            .setPartitions(topic.partitions().stream()
                                    .map(partition -> asksForMetadata
                                            ? describe(request, quorum)
                                            : unknown(request, topic.topicName(), partition.partitionIndex()))
                                    .toList()));
        }
        if (asksForMetadata && request.version() >= FIRST_VERSION_WITH_NODES) {
            response.nodes().add(node(request, quorum));
        }
        return CompletableFuture.completedFuture(new Answer.Message(response));
    }

    /// Kafka answers for the metadata log if the request names nothing else.
    private static boolean isMetadata(List<TopicData> topics) {
        return topics.size() == 1
                && topics.getFirst().topicName().equals(Topic.CLUSTER_METADATA_TOPIC_NAME)
                && topics.getFirst().partitions().size() == 1
                && topics.getFirst().partitions().getFirst().partitionIndex() == 0;
    }

    private PartitionData describe(Request<DescribeQuorumRequestData> request, QuorumState quorum) {
        long now = clock.millis();
        var voter = new ReplicaState()
                .setReplicaId(quorum.nodeId())
                .setLogEndOffset(quorum.endOffset())
                .setLastFetchTimestamp(now)
                .setLastCaughtUpTimestamp(now);
        if (request.version() >= FIRST_VERSION_WITH_NODES) {
            voter.setReplicaDirectoryId(quorum.directoryId());
        }
        return new PartitionData()
                .setErrorMessage(request.version() >= FIRST_VERSION_WITH_NODES ? "" : null)
                .setLeaderId(quorum.nodeId())
                .setLeaderEpoch(quorum.leaderEpoch())
                .setHighWatermark(quorum.endOffset())
                .setCurrentVoters(List.of(voter));
    }

    private static PartitionData unknown(Request<DescribeQuorumRequestData> request, String topic, int index) {
        var error = Errors.UNKNOWN_TOPIC_OR_PARTITION;
        request.noteRefusal(
                Subject.partition(topic, index),
                error,
                "NOT_A_QUORUM",
                "expected __cluster_metadata-0 and nothing beside it");
        return new PartitionData()
                .setPartitionIndex(index)
                .setErrorCode(error.code())
                .setErrorMessage(error.message());
    }

    private Node node(Request<DescribeQuorumRequestData> request, QuorumState quorum) {
        var own = address.forCaller(request.caller());
        var listeners = new ListenerCollection();
        listeners.add(new Listener()
                .setName(request.caller().listener())
                .setHost(own.host())
                .setPort(own.port()));
        return new Node().setNodeId(quorum.nodeId()).setListeners(listeners);
    }
}
