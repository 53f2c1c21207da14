package io.vitrine.record;

import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;

/// Finds the partition of a key as Kafka's Java producer does by default, by the murmur2 hash of its bytes: what is
/// written here must lie where those look who know the rule.
final class KeyPartitioner {
    private KeyPartitioner() {}

    static int partitionOf(byte[] key, int partitionCount) {
        return BuiltInPartitioner.partitionForKey(key, partitionCount);
    }
}
