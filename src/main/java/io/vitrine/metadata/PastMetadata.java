package io.vitrine.metadata;

import java.util.List;
import java.util.Map;
import org.apache.kafka.common.Uuid;

/// The metadata as it was at one offset. What somebody could log in with is not in it.
///
/// @param offset the offset asked for; the records before it are contained
/// @param appliedOffset behind the last batch that is contained: a batch is taken as a whole or not at all
/// @param checkpointOffset the checkpoint that it was made from, or 0
/// @param cluster topics with their partitions and configs, and features
/// @param configs those of topics are in `cluster`; of all others by resource, such as `BROKER 1`, then by name
/// @param nextProducerId the first id that has not been given out to a broker
/// @param totals how many ACLs, quotas, users with SCRAM credentials and delegation tokens there are
public record PastMetadata(
        long offset,
        long appliedOffset,
        long checkpointOffset,
        ClusterImage cluster,
        Map<String, Map<String, String>> configs,
        long nextProducerId,
        List<Node> brokers,
        List<Node> controllers,
        Totals totals) {

    /// A broker or controller that has registered itself.
    ///
    /// @param epoch of the registration; -1 for a controller, which has none
    /// @param listeners by name, as `PLAINTEXT://host:port`
    public record Node(
            int id,
            long epoch,
            Uuid incarnationId,
            boolean fenced,
            boolean inControlledShutdown,
            List<String> listeners,
            List<Uuid> directories) {}

    /// How many there are of what is not told in full.
    public record Totals(int acls, int quotas, int scramUsers, int delegationTokens) {}
}
