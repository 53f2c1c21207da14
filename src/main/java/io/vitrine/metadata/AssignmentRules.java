package io.vitrine.metadata;

import java.util.List;
import java.util.Optional;
import org.apache.kafka.image.MetadataImage;
import org.jspecify.annotations.Nullable;

/// What an assignment of replicas by hand has to keep, in the words of Kafka's controller. Only this node can take any.
final class AssignmentRules {
    private AssignmentRules() {}

    /// What is wrong with `replicas`; empty if they are this node alone.
    static Optional<String> findFault(List<Integer> replicas, int nodeId, MetadataImage image) {
        if (replicas.isEmpty()) {
            return Optional.of("The manual partition assignment includes an empty replica list.");
        }
        @Nullable Integer previous = null;
        for (var replica : replicas.stream().sorted().toList()) {
            if (replica != nodeId) {
                return Optional.of(
                        image.cluster().broker(replica) == null
                                ? "The manual partition assignment includes broker %d, but no such broker is registered."
                                        .formatted(replica)
                                : "The manual partition assignment includes broker %d, but only broker %d is here."
                                        .formatted(replica, nodeId));
            }
            if (replica.equals(previous)) {
                return Optional.of(
                        "The manual partition assignment includes the broker %d more than once.".formatted(replica));
            }
            previous = replica;
        }
        return Optional.empty();
    }
}
