package io.vitrine.transaction;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.coordinator.transaction.TransactionMetadata;
import org.apache.kafka.coordinator.transaction.TransactionState;
import org.apache.kafka.coordinator.transaction.TxnTransitMetadata;
import org.apache.kafka.coordinator.transaction.generated.TransactionLogValue;
import org.apache.kafka.server.common.TransactionVersion;

/// Where one transactional id stands. A value: what changes is a new one, so that a write that fails leaves the one
/// from before.
///
/// @param previousProducerId the one before an overflow of epochs; as the log has it
/// @param nextProducerId the one that follows when the transaction is complete, after an overflow; else -1
/// @param lastProducerEpoch the epoch before the last one, if its producer may ask again; else -1. The log does not
/// have it
/// @param partitions those that the transaction has touched and that have no marker yet
/// @param startMs when the transaction began; -1 where none has
/// @param clientVersion how its client speaks of transactions
record TransactionEntry(
        String transactionalId,
        long producerId,
        long previousProducerId,
        long nextProducerId,
        short producerEpoch,
        short lastProducerEpoch,
        int timeoutMs,
        TransactionState state,
        Set<TopicPartition> partitions,
        long startMs,
        long lastUpdateMs,
        TransactionVersion clientVersion) {
    static final long NO_PRODUCER_ID = -1;
    static final short NO_EPOCH = -1;

    /// One that nobody has used yet.
    static TransactionEntry fresh(String transactionalId, long producerId, int timeoutMs, long nowMs) {
        return new TransactionEntry(
                transactionalId,
                producerId,
                NO_PRODUCER_ID,
                NO_PRODUCER_ID,
                NO_EPOCH,
                NO_EPOCH,
                timeoutMs,
                TransactionState.EMPTY,
                Set.of(),
                -1,
                nowMs,
                TransactionVersion.TV_0);
    }

    /// As the log has it.
    ///
    /// @throws IllegalArgumentException for a state that there is not
    static TransactionEntry of(String transactionalId, TransactionLogValue value, short lastProducerEpoch) {
        var partitions = value.transactionPartitions() == null
                ? Stream.<TopicPartition>empty()
                : value.transactionPartitions().stream().flatMap(TransactionEntry::partitions);
        return new TransactionEntry(
                transactionalId,
                value.producerId(),
                value.previousProducerId(),
                value.nextProducerId(),
                value.producerEpoch(),
                lastProducerEpoch,
                value.transactionTimeoutMs(),
                TransactionState.fromId(value.transactionStatus()),
                partitions.collect(Collectors.toUnmodifiableSet()),
                value.transactionStartTimestampMs(),
                value.transactionLastUpdateTimestampMs(),
                TransactionVersion.fromFeatureLevel(value.clientTransactionVersion()));
    }

    /// What a transition makes of it.
    static TransactionEntry of(String transactionalId, TxnTransitMetadata next) {
        return new TransactionEntry(
                transactionalId,
                next.producerId(),
                next.prevProducerId(),
                next.nextProducerId(),
                next.producerEpoch(),
                next.lastProducerEpoch(),
                next.txnTimeoutMs(),
                next.txnState(),
                Set.copyOf(next.topicPartitions()),
                next.txnStartTimestamp(),
                next.txnLastUpdateTimestamp(),
                next.clientTransactionVersion());
    }

    /// Kafka's own form of it, which knows what may follow.
    TransactionMetadata toKafka() {
        return new TransactionMetadata(
                transactionalId,
                producerId,
                previousProducerId,
                nextProducerId,
                producerEpoch,
                lastProducerEpoch,
                timeoutMs,
                state,
                partitions,
                startMs,
                lastUpdateMs,
                clientVersion);
    }

    boolean isOngoing() {
        return state == TransactionState.ONGOING;
    }

    /// Is it decided how the transaction ends, and not yet written everywhere?
    boolean isPrepared() {
        return state == TransactionState.PREPARE_COMMIT || state == TransactionState.PREPARE_ABORT;
    }

    /// Has the transaction been open for longer than its producer wanted? One that commits in two phases has no limit.
    boolean isTimedOut(long nowMs) {
        return isOngoing() && timeoutMs != Integer.MAX_VALUE && startMs + timeoutMs < nowMs;
    }

    boolean isEpochExhausted() {
        return TransactionMetadata.isEpochExhausted(producerEpoch);
    }

    /// In an order that people can follow.
    List<TopicPartition> sortedPartitions() {
        return partitions.stream()
                .sorted((a, b) -> a.topic().equals(b.topic())
                        ? Integer.compare(a.partition(), b.partition())
                        : a.topic().compareTo(b.topic()))
                .toList();
    }

    private static Stream<TopicPartition> partitions(TransactionLogValue.PartitionsSchema topic) {
        return topic.partitionIds().stream().map(index -> new TopicPartition(topic.topic(), index));
    }
}
