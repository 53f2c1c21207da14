package io.vitrine.metadata;

import io.vitrine.metadata.GrowTopicOutcome.Refusal;
import io.vitrine.metadata.GrowTopicOutcome.Refused;
import java.util.Optional;

/// The rules that a wish for more partitions must keep, in Kafka's order and words.
final class GrowthRules {
    private GrowthRules() {}

    /// What keeps the topic from growing; empty if nothing does.
    static Optional<GrowTopicOutcome> check(TopicGrowth wish, Topic topic, int nodeId) {
        int present = topic.partitions().size();
        if (wish.count() == present) {
            return refuse(Refusal.NO_INCREASE, "Topic already has %d partition(s).".formatted(present));
        }
        if (wish.count() < present) {
            return refuse(
                    Refusal.NO_INCREASE,
                    "The topic %s currently has %d partition(s); %d would not be an increase."
                            .formatted(topic.name(), present, wish.count()));
        }
        int replicationFactor = topic.partitions().getFirst().replicas().size();
        return wish.assignments() == null
                ? ReplicaRules.findLack(replicationFactor)
                        .flatMap(lack -> refuse(Refusal.INVALID_REPLICATION_FACTOR, lack))
                : checkAssignments(wish, wish.count() - present, nodeId, replicationFactor);
    }

    private static Optional<GrowTopicOutcome> checkAssignments(
            TopicGrowth wish, int additional, int nodeId, int replicationFactor) {
        var assignments = wish.assignments();
        if (assignments == null) {
            return Optional.empty();
        }
        if (assignments.size() != additional) {
            return refuse(
                    Refusal.INVALID_ASSIGNMENT,
                    "Attempted to add %d additional partition(s), but only %d assignment(s) were specified."
                            .formatted(additional, assignments.size()));
        }
        return assignments.stream()
                .flatMap(nodes -> ReplicaRules.findFault(nodes, nodeId, replicationFactor).stream())
                .findFirst()
                .flatMap(fault -> refuse(Refusal.INVALID_ASSIGNMENT, fault));
    }

    private static Optional<GrowTopicOutcome> refuse(Refusal kind, String reason) {
        return Optional.of(new Refused(kind, reason));
    }
}
