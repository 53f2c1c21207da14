package io.vitrine.metadata;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A wish for more partitions of a topic.
///
/// @param count how many it shall have then
/// @param assignments which nodes shall hold each of the new ones; null leaves it to the broker
public record TopicGrowth(String topic, int count, @Nullable List<List<Integer>> assignments) {
    public TopicGrowth {
        assignments = assignments == null ? null : List.copyOf(assignments);
    }
}
