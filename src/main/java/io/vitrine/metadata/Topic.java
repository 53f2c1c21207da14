package io.vitrine.metadata;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.Uuid;

/// A topic as the metadata log describes it.
///
/// @param partitions in order of their index, which has no gaps
/// @param configs the values set on the topic itself, by Kafka's name; defaults are not listed
public record Topic(String name, Uuid id, List<TopicPartitionState> partitions, Map<String, String> configs) {
    /// Names that clients may read but not create or write to by accident.
    private static final String INTERNAL_PREFIX = "__";

    public Topic {
        partitions = List.copyOf(partitions);
        configs = Map.copyOf(configs);
    }

    /// Finds one partition; empty for an index the topic does not have.
    public Optional<TopicPartitionState> findPartition(int index) {
        return index >= 0 && index < partitions.size() ? Optional.of(partitions.get(index)) : Optional.empty();
    }

    /// Is the topic one of Kafka's own, such as `__consumer_offsets`?
    public boolean isInternal() {
        return name.startsWith(INTERNAL_PREFIX);
    }
}
