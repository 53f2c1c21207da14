package io.vitrine.admin;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.vitrine.metadata.TopicPartition;
import io.vitrine.transaction.TransactionDescription;
import io.vitrine.transaction.TransactionEvent;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Where a transactional id stands.
///
/// @param state in Kafka's words
/// @param open is a transaction open, or decided and not yet written to all its partitions?
/// @param openMs for how long
/// @param startIso when the last transaction began; null where there was none
/// @param partitions those of the transaction that have no marker yet
/// @param stateTopicPartition of `__transaction_state`, where it is kept
/// @param history what has happened to it since the broker started, and what was read then; newest first
@JsonInclude(JsonInclude.Include.NON_NULL)
record TransactionView(
        String transactionalId,
        String state,
        boolean open,
        @Nullable Long openMs,
        long producerId,
        short producerEpoch,
        int timeoutMs,
        @Nullable String startIso,
        @Nullable String lastUpdateIso,
        int partitionCount,
        @Nullable List<PartitionView> partitions,
        int stateTopicPartition,
        @Nullable List<EventView> history,
        Map<String, String> links) {

    /// A line of a list.
    static TransactionView inList(TransactionDescription transaction, long nowMs) {
        return of(transaction, nowMs, null, null);
    }

    static TransactionView alone(TransactionDescription transaction, long nowMs, List<TransactionEvent> history) {
        return of(
                transaction,
                nowMs,
                transaction.partitions().stream().map(PartitionView::of).toList(),
                history.stream().map(EventView::of).toList());
    }

    private static TransactionView of(
            TransactionDescription transaction,
            long nowMs,
            @Nullable List<PartitionView> partitions,
            @Nullable List<EventView> history) {
        return new TransactionView(
                transaction.transactionalId(),
                transaction.state(),
                transaction.open(),
                transaction.open() ? nowMs - transaction.startMs() : null,
                transaction.producerId(),
                transaction.producerEpoch(),
                transaction.timeoutMs(),
                Timestamps.iso(transaction.startMs()),
                Timestamps.iso(transaction.lastUpdateMs()),
                transaction.partitions().size(),
                partitions,
                transaction.stateTopicPartition(),
                history,
                Map.of("self", ApiPath.transaction(transaction.transactionalId(), "")));
    }

    /// @param producers the producers of the partition, with what they have written
    record PartitionView(String topic, int partition, String producers) {
        static PartitionView of(TopicPartition partition) {
            return new PartitionView(
                    partition.topic(), partition.partition(), ApiPath.partition(partition) + "/producers");
        }
    }

    /// @param record the record of `__transaction_state` that says so
    /// @param replayed was it read when the broker started?
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record EventView(
            @Nullable String atIso,
            String state,
            long producerId,
            short producerEpoch,
            int partitionCount,
            @Nullable String startIso,
            boolean replayed,
            String record) {
        static EventView of(TransactionEvent event) {
            return new EventView(
                    Timestamps.iso(event.timeMs()),
                    event.state(),
                    event.producerId(),
                    event.producerEpoch(),
                    event.partitions(),
                    Timestamps.iso(event.startMs()),
                    event.replayed(),
                    "%s/records/%d"
                            .formatted(
                                    ApiPath.partition(new TopicPartition("__transaction_state", event.partition())),
                                    event.offset()));
        }
    }
}
