package io.vitrine.group;

import io.vitrine.metadata.TopicPartition;
import java.util.Collection;
import java.util.stream.Stream;

/// Partitions as groups speak of them: a topic and some numbers.
final class Partitions {
    private Partitions() {}

    /// In order. Negative numbers, which name no partition but which a client may send, are left out.
    static Stream<TopicPartition> of(String topic, Collection<Integer> indexes) {
        return indexes.stream().filter(index -> index >= 0).sorted().map(index -> new TopicPartition(topic, index));
    }
}
