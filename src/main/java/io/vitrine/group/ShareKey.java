package io.vitrine.group;

import org.apache.kafka.common.Uuid;

/// A share partition: a partition of a topic as one share group sees it.
public record ShareKey(String groupId, Uuid topicId, int partition) {
    @Override
    public String toString() {
        return "%s:%s:%d".formatted(groupId, topicId, partition);
    }
}
