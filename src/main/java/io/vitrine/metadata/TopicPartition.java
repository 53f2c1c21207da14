package io.vitrine.metadata;

/// Names one partition of one topic; prints as Kafka names its directory, `orders-0`.
public record TopicPartition(String topic, int partition) {
    public TopicPartition {
        if (partition < 0) {
            throw new IllegalArgumentException("Partition %d of topic %s is negative".formatted(partition, topic));
        }
    }

    @Override
    public String toString() {
        return topic + "-" + partition;
    }
}
