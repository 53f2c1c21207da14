package io.vitrine.timeline;

import io.vitrine.metadata.TopicPartition;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// The partitions that one member is to read. Held as numbers, because many are kept; what a client has sent may name
/// any number as a partition.
public final class Assignment {
    static final Assignment NONE = new Assignment(Map.of());
    private static final int BYTES_PER_TOPIC = 100;

    private final Map<String, int[]> partitions;

    private Assignment(Map<String, int[]> partitions) {
        this.partitions = partitions;
    }

    /// Negative numbers, which name no partition, are left out.
    static Assignment of(Map<String, ? extends Collection<Integer>> partitions) {
        var sorted = new TreeMap<String, int[]>();
        partitions.forEach((topic, indexes) -> {
            int[] known = indexes.stream()
                    .mapToInt(Integer::intValue)
                    .filter(index -> index >= 0)
                    .sorted()
                    .toArray();
            if (known.length > 0) {
                sorted.put(topic, known);
            }
        });
        return new Assignment(sorted);
    }

    public int size() {
        return partitions.values().stream().mapToInt(indexes -> indexes.length).sum();
    }

    /// Topics with their partitions, in order.
    public Map<String, List<Integer>> byTopic() {
        var copy = new TreeMap<String, List<Integer>>();
        partitions.forEach((topic, indexes) ->
                copy.put(topic, Arrays.stream(indexes).boxed().toList()));
        return Collections.unmodifiableMap(copy);
    }

    /// All partitions, in order.
    public List<TopicPartition> list() {
        return partitions.entrySet().stream()
                .flatMap(topic ->
                        Arrays.stream(topic.getValue()).mapToObj(index -> new TopicPartition(topic.getKey(), index)))
                .toList();
    }

    /// About how much memory it takes.
    int sizeInBytes() {
        return partitions.entrySet().stream()
                .mapToInt(topic -> BYTES_PER_TOPIC + topic.getKey().length() + Integer.BYTES * topic.getValue().length)
                .sum();
    }

    @Override
    public String toString() {
        return list().stream().map(TopicPartition::toString).collect(Collectors.joining(", "));
    }
}
