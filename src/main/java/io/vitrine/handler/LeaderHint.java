package io.vitrine.handler;

import io.vitrine.metadata.MetadataService;
import io.vitrine.metadata.TopicPartitionState;
import io.vitrine.protocol.Request;
import java.util.List;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.NodeEndpoint;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.Errors;

/// Tells a client whose idea of a partition's leader is out of date who it is and where, so that it need not ask for
/// metadata first (KIP-951).
final class LeaderHint {
    private static final short FIRST_VERSION = 16;

    private final MetadataService metadata;
    private final AdvertisedAddress advertised;

    LeaderHint(MetadataService metadata, AdvertisedAddress advertised) {
        this.metadata = metadata;
        this.advertised = advertised;
    }

    /// Adds the hint to the answer of a partition that was refused for its leader; to all others nothing.
    void addTo(Request<FetchRequestData> request, FetchedPartition partition, FetchResponseData response) {
        var data = partition.answer();
        if (data == null || request.version() < FIRST_VERSION || !isAboutTheLeader(data)) {
            return;
        }
        var state = metadata.image()
                .findTopic(partition.topic())
                .flatMap(topic -> topic.findPartition(partition.name().partition()));
        if (state.isPresent()) {
            data.currentLeader()
                    .setLeaderId(state.get().leader())
                    .setLeaderEpoch(state.get().leaderEpoch());
            addEndpoint(request, state.get(), response);
        }
    }

    private void addEndpoint(Request<FetchRequestData> request, TopicPartitionState state, FetchResponseData response) {
        // There is one node to be told of, however many partitions it leads.
        if (state.leader() == metadata.image().nodeId()
                && response.nodeEndpoints().isEmpty()) {
            var address = advertised.forCaller(request.caller());
            response.nodeEndpoints()
                    .add(new NodeEndpoint()
                            .setNodeId(state.leader())
                            .setHost(address.host())
                            .setPort(address.port())
                            .setRack(null));
        }
    }

    private static boolean isAboutTheLeader(PartitionData data) {
        return List.of(Errors.NOT_LEADER_OR_FOLLOWER.code(), Errors.FENCED_LEADER_EPOCH.code())
                .contains(data.errorCode());
    }
}
