package io.vitrine.metadata;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/// Where partitions may lie, in Kafka's words. There is one node, and a partition needs at least one.
final class ReplicaRules {
    private ReplicaRules() {}

    /// What is wrong with nodes that somebody chose for a partition; empty if it can lie there.
    ///
    /// @param replicationFactor what the partitions before it have; 0 if there are none
    static Optional<String> findFault(List<Integer> nodes, int nodeId, int replicationFactor) {
        if (nodes.isEmpty()) {
            return Optional.of("The manual partition assignment includes an empty replica list.");
        }
        var seen = new HashSet<Integer>();
        for (int node : nodes.stream().sorted().toList()) {
            if (node != nodeId) {
                return Optional.of(
                        "The manual partition assignment includes broker %d, but no such broker is registered."
                                .formatted(node));
            }
            if (!seen.add(node)) {
                return Optional.of(
                        "The manual partition assignment includes the broker %d more than once.".formatted(node));
            }
        }
        return replicationFactor == 0 || nodes.size() == replicationFactor
                ? Optional.empty()
                : Optional.of(
                        ("The manual partition assignment includes a partition with %d replica(s), but this is not"
                                        + " consistent with previous partitions, which have %d replica(s).")
                                .formatted(nodes.size(), replicationFactor));
    }

    /// Why nobody can have so many replicas; empty if one is enough.
    static Optional<String> findLack(int replicationFactor) {
        return replicationFactor <= 1
                ? Optional.empty()
                : Optional.of(("The target replication factor of %d cannot be reached because only 1 broker(s) are"
                                + " registered or some brokers have all their log directories cordoned.")
                        .formatted(replicationFactor));
    }
}
