package io.vitrine.metadata;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A topic that somebody wishes for.
///
/// @param partitions how many; [#DEFAULT] leaves it to the broker
/// @param replicationFactor how many nodes shall hold each; [#DEFAULT] leaves it to the broker
/// @param assignments which nodes shall hold which partition; if there are any, the counts have to be [#DEFAULT]
/// @param configs by Kafka's names; a value may be null, and is refused then
public record NewTopic(
        String name,
        int partitions,
        int replicationFactor,
        List<Assignment> assignments,
        Map<String, @Nullable String> configs) {
    /// The broker's own choice.
    public static final int DEFAULT = -1;

    public NewTopic {
        assignments = List.copyOf(assignments);
        configs = Collections.unmodifiableMap(new LinkedHashMap<>(configs));
    }

    /// A topic whose partitions lie where the broker wants.
    public static NewTopic of(String name, int partitions, Map<String, String> configs) {
        return new NewTopic(name, partitions, DEFAULT, List.of(), new LinkedHashMap<>(configs));
    }

    /// The nodes that shall hold a partition, the preferred leader first.
    public record Assignment(int partition, List<Integer> nodes) {
        public Assignment {
            nodes = List.copyOf(nodes);
        }
    }

    /// How many partitions that would be.
    int countPartitions(int ifDefault) {
        if (!assignments.isEmpty()) {
            return assignments.size();
        }
        return partitions == DEFAULT ? ifDefault : partitions;
    }
}
