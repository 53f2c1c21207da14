package io.vitrine.metadata;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.image.TopicsImage;
import org.apache.kafka.metadata.PartitionRegistration;
import org.apache.kafka.server.common.ApiMessageAndVersion;

/// Finds the partitions that wait for this node and for no other.
final class LeaderlessPartitions {
    private LeaderlessPartitions() {}

    /// The records that make `nodeId` leader of them; each raises the leader epoch and the partition epoch by one.
    static List<ApiMessageAndVersion> claims(TopicsImage topics, int nodeId, short recordVersion) {
        var claims = new ArrayList<ApiMessageAndVersion>();
        topics.topicsById()
                .forEach((id, topic) -> topic.partitions().forEach((index, partition) -> {
                    if (!partition.hasLeader() && isOnlyCandidate(partition, nodeId)) {
                        claims.add(MetadataRecords.claim(id, index, partition, nodeId, recordVersion));
                    }
                }));
        return claims;
    }

    // With other replicas, only the one that surely has every acknowledged record may lead.
    private static boolean isOnlyCandidate(PartitionRegistration partition, int nodeId) {
        int[] only = {nodeId};
        int[] complete = partition.isr.length > 0 ? partition.isr : partition.elr;
        return Arrays.equals(partition.replicas, only)
                || (Arrays.equals(complete, only)
                        && Arrays.stream(partition.replicas).anyMatch(replica -> replica == nodeId));
    }
}
