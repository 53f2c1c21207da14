package io.vitrine.admin;

import io.vitrine.metadata.TopicPartition;

/// Where things are found. Links are relative to the host, so that they work behind any proxy; topic names and
/// numbers need no escaping.
final class ApiPath {
    static final String BASE = "/api/v1";
    static final String TOPICS = BASE + "/topics";
    static final String PARTITIONS = TOPICS + "/{topic}/partitions";
    static final String TOPIC_RECORDS = TOPICS + "/{topic}/records";
    static final String PARTITION = PARTITIONS + "/{partition}";
    static final String SEGMENT = PARTITION + "/segments/{base}";

    private ApiPath() {}

    static String topic(String name) {
        return TOPICS + "/" + name;
    }

    /// Records of all partitions.
    static String records(String topic) {
        return topic(topic) + "/records";
    }

    static String partitions(String topic) {
        return topic(topic) + "/partitions";
    }

    static String partition(TopicPartition partition) {
        return partitions(partition.topic()) + "/" + partition.partition();
    }

    static String segments(TopicPartition partition) {
        return partition(partition) + "/segments";
    }

    static String segment(TopicPartition partition, long baseOffset) {
        return segments(partition) + "/" + baseOffset;
    }

    static String batches(TopicPartition partition) {
        return partition(partition) + "/batches";
    }

    static String records(TopicPartition partition) {
        return partition(partition) + "/records";
    }
}
