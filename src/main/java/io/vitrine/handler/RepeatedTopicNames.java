package io.vitrine.handler;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Which topics a request names more than once. Kafka does nothing for them.
final class RepeatedTopicNames {
    static final String MESSAGE = "Duplicate topic name.";

    private final Map<String, Integer> counts = new LinkedHashMap<>();

    void add(String name) {
        counts.merge(name, 1, Integer::sum);
    }

    boolean isRepeated(String name) {
        return counts.getOrDefault(name, 0) > 1;
    }

    /// Those that are, each once.
    List<String> repeated() {
        return counts.keySet().stream().filter(this::isRepeated).toList();
    }
}
