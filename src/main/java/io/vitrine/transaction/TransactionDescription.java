package io.vitrine.transaction;

import io.vitrine.metadata.TopicPartition;
import java.util.List;

/// Where a transactional id stands, for those outside.
///
/// @param state in Kafka's words
/// @param startMs when the transaction began; -1 where none has
/// @param partitions those that the transaction has touched and that have no marker yet, in order
/// @param stateTopicPartition of `__transaction_state`, where it lies
public record TransactionDescription(
        String transactionalId,
        long producerId,
        short producerEpoch,
        String state,
        boolean open,
        int timeoutMs,
        long startMs,
        long lastUpdateMs,
        List<TopicPartition> partitions,
        int stateTopicPartition) {

    static TransactionDescription of(LocatedEntry found) {
        var entry = found.entry();
        return new TransactionDescription(
                entry.transactionalId(),
                entry.producerId(),
                entry.producerEpoch(),
                entry.state().stateName(),
                entry.isOngoing() || entry.isPrepared(),
                entry.timeoutMs(),
                entry.startMs(),
                entry.lastUpdateMs(),
                entry.sortedPartitions().stream()
                        .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                        .toList(),
                found.partition());
    }
}
