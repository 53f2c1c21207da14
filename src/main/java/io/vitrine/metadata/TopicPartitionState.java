package io.vitrine.metadata;

import java.util.List;
import org.apache.kafka.common.Uuid;

/// What the metadata log says of one partition.
///
/// @param leader node id, or [#NO_LEADER]
/// @param directories the log directory of each replica, in the order of `replicas`; may be empty in old records
public record TopicPartitionState(
        int index,
        int leader,
        int leaderEpoch,
        int partitionEpoch,
        List<Integer> replicas,
        List<Integer> inSyncReplicas,
        List<Uuid> directories) {
    public static final int NO_LEADER = -1;

    public TopicPartitionState {
        replicas = List.copyOf(replicas);
        inSyncReplicas = List.copyOf(inSyncReplicas);
        directories = List.copyOf(directories);
    }
}
