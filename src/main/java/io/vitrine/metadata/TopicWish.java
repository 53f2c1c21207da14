package io.vitrine.metadata;

import io.vitrine.definition.BrokerConfigLayers;
import io.vitrine.definition.TopicConfigs;
import io.vitrine.metadata.CreateTopicOutcome.AlreadyExists;
import io.vitrine.metadata.CreateTopicOutcome.Refusal;
import io.vitrine.metadata.CreateTopicOutcome.Refused;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The rules a new topic must keep, as far as they can be told from the wish and the topics there are; in Kafka's
/// order, so that a wish which breaks several is refused for the same one.
final class TopicWish {
    /// Far below the 8 MiB that Kafka's quorum accepts as one batch, together with the partitions.
    static final int MAX_CONFIG_CHARS = 1024 * 1024;

    private TopicWish() {}

    /// What keeps the topic from being created; empty if nothing does.
    ///
    /// @param broker what is set for the broker, which the topic inherits
    static Optional<CreateTopicOutcome> check(NewTopic wish, ClusterImage current, BrokerConfigLayers broker) {
        return checkName(wish.name(), current)
                .or(() -> current.findTopic(wish.name()).map(AlreadyExists::new))
                .or(() -> checkConfigs(wish.configs(), broker))
                .or(() -> wish.assignments().isEmpty() ? checkCounts(wish) : checkAssignments(wish, current.nodeId()));
    }

    private static Optional<CreateTopicOutcome> checkName(String name, ClusterImage current) {
        if (TopicNames.isMetadataLog(name)) {
            return refuse(Refusal.RESERVED_NAME, "Creation of internal topic %s is prohibited.".formatted(name));
        }
        return TopicNames.findFault(name)
                .flatMap(fault -> refuse(Refusal.INVALID_NAME, fault))
                .or(() -> current.findTopic(name).isPresent() ? Optional.empty() : checkCollision(name, current));
    }

    private static Optional<CreateTopicOutcome> checkCollision(String name, ClusterImage current) {
        return TopicNames.findCollision(name, current.topics())
                .flatMap(other -> refuse(
                        Refusal.NAME_COLLISION, "Topic '%s' collides with existing topic: %s".formatted(name, other)));
    }

    /// What Kafka's own definitions say; a null would mean "back to the default" in the log, which is no value of a new
    /// topic.
    private static Optional<CreateTopicOutcome> checkConfigs(
            Map<String, @Nullable String> configs, BrokerConfigLayers broker) {
        long chars = 0;
        for (var config : configs.entrySet()) {
            @Nullable String value = config.getValue();
            chars += config.getKey().length() + (value == null ? 0 : value.length());
        }
        if (chars > MAX_CONFIG_CHARS) {
            return refuse(
                    Refusal.INVALID_CONFIG,
                    "the configs have %d characters, at most %d are allowed".formatted(chars, MAX_CONFIG_CHARS));
        }
        return TopicConfigs.findFault(configs, Map.of(), broker)
                .flatMap(fault -> refuse(Refusal.INVALID_CONFIG, fault));
    }

    private static Optional<CreateTopicOutcome> checkCounts(NewTopic wish) {
        int replicas = wish.replicationFactor();
        if (replicas < NewTopic.DEFAULT || replicas == 0) {
            return refuse(
                    Refusal.INVALID_REPLICATION_FACTOR,
                    "Replication factor must be larger than 0, or -1 to use the default value.");
        }
        int partitions = wish.partitions();
        if (partitions < NewTopic.DEFAULT || partitions == 0) {
            return refuse(Refusal.INVALID_PARTITIONS, "Number of partitions was set to an invalid non-positive value.");
        }
        return ReplicaRules.findLack(replicas)
                .flatMap(lack -> refuse(
                        Refusal.INVALID_REPLICATION_FACTOR,
                        "Unable to replicate the partition %d time(s): %s".formatted(replicas, lack)));
    }

    private static Optional<CreateTopicOutcome> checkAssignments(NewTopic wish, int nodeId) {
        if (wish.replicationFactor() != NewTopic.DEFAULT) {
            return refuse(
                    Refusal.CONTRADICTION,
                    "A manual partition assignment was specified, but replication factor was not set to -1.");
        }
        if (wish.partitions() != NewTopic.DEFAULT) {
            return refuse(
                    Refusal.CONTRADICTION,
                    "A manual partition assignment was specified, but numPartitions was not set to -1.");
        }
        var assigned = new HashSet<Integer>();
        int replicationFactor = 0;
        for (var assignment : wish.assignments()) {
            if (!assigned.add(assignment.partition())) {
                return refuse(
                        Refusal.INVALID_ASSIGNMENT,
                        "Found multiple manual partition assignments for partition " + assignment.partition());
            }
            var fault = ReplicaRules.findFault(assignment.nodes(), nodeId, replicationFactor);
            if (fault.isPresent()) {
                return refuse(Refusal.INVALID_ASSIGNMENT, fault.get());
            }
            replicationFactor = assignment.nodes().size();
        }
        boolean hasGap = assigned.stream().anyMatch(partition -> partition < 0 || partition >= assigned.size());
        return hasGap
                ? refuse(Refusal.INVALID_ASSIGNMENT, "partitions should be a consecutive 0-based integer sequence")
                : Optional.empty();
    }

    private static Optional<CreateTopicOutcome> refuse(Refusal kind, String reason) {
        return Optional.of(new Refused(kind, reason));
    }
}
