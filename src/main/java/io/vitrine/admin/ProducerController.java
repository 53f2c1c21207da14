package io.vitrine.admin;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.vitrine.inspect.StableOffsetHolder;
import io.vitrine.log.ProducerSnapshotEntry;
import io.vitrine.metadata.Topic;
import io.vitrine.metadata.TopicPartition;
import io.vitrine.metadata.TopicPartitionState;
import io.vitrine.partition.Partition;
import io.vitrine.partition.PartitionLogService;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// The idempotent producers that partitions know: how far each has come, and which have a transaction open.
@RestController
class ProducerController {
    private final LogLookup lookup;
    private final PartitionLogService partitions;
    private final TransactionalIds transactionalIds;

    ProducerController(LogLookup lookup, PartitionLogService partitions, TransactionalIds transactionalIds) {
        this.lookup = lookup;
        this.partitions = partitions;
        this.transactionalIds = transactionalIds;
    }

    /// A producer of a partition.
    record Known(Partition partition, ProducerSnapshotEntry producer, boolean holds) {
        boolean isOpen() {
            return producer.currentTxnFirstOffset() >= 0;
        }
    }

    @GetMapping(ApiPath.TOPICS + "/{topic}/producers")
    ProducersView producers(@PathVariable String topic, @RequestParam Map<String, String> query) {
        var parameters = new QueryParameters(query);
        var found = lookup.topic(topic);
        return list(parameters, found, found.partitions().stream());
    }

    @GetMapping(ApiPath.PARTITION + "/producers")
    ProducersView producers(
            @PathVariable String topic, @PathVariable int partition, @RequestParam Map<String, String> query) {
        var parameters = new QueryParameters(query);
        var found = lookup.topic(topic);
        return list(parameters, found, Stream.of(lookup.partition(found, partition)));
    }

    private ProducersView list(QueryParameters parameters, Topic topic, Stream<TopicPartitionState> wanted) {
        int limit = parameters.limit();
        boolean onlyOpen = parameters.flag("open", false);
        parameters.requireSound();
        var found = wanted.flatMap(state -> partitions.find(new TopicPartition(topic.name(), state.index())).stream())
                .flatMap(ProducerController::producersOf)
                .filter(known -> !onlyOpen || known.isOpen())
                .limit(limit + 1L)
                .toList();
        var ids = transactionalIds.find(found.stream()
                .filter(Known::isOpen)
                .map(known -> known.producer().producerId())
                .toList());
        var items = found.stream()
                .limit(limit)
                .map(known -> ProducerView.of(known, ids.get(known.producer().producerId())))
                .toList();
        return new ProducersView(items, found.size() > limit ? true : null);
    }

    /// Those that wrote last come first.
    private static Stream<Known> producersOf(Partition partition) {
        var holder = StableOffsetHolder.find(partition);
        return partition.transactions().producers().reversed().stream()
                .map(producer -> new Known(
                        partition,
                        producer,
                        holder.filter(first -> first.producerId() == producer.producerId())
                                .isPresent()));
    }

    /// @param more are there more of them than the limit? Absent if not
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record ProducersView(List<ProducerView> items, @Nullable Boolean more) {}

    /// @param lastSequence of its last record; -1 if there is none in this epoch
    /// @param lastOffset likewise
    /// @param lastTimestamp of that record, or of the marker that ended its last transaction
    /// @param coordinatorEpoch of whoever ended its last transaction; -1 if nobody has
    /// @param transaction absent if none is open here
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record ProducerView(
            int partition,
            long producerId,
            int producerEpoch,
            int lastSequence,
            long lastOffset,
            long lastTimestamp,
            @Nullable String lastTimestampIso,
            int coordinatorEpoch,
            @Nullable TransactionView transaction) {

        static ProducerView of(Known known, @Nullable String transactionalId) {
            var producer = known.producer();
            return new ProducerView(
                    known.partition().name().partition(),
                    producer.producerId(),
                    producer.epoch(),
                    producer.lastSequence(),
                    producer.lastOffset(),
                    producer.timestamp(),
                    Timestamps.iso(producer.timestamp()),
                    producer.coordinatorEpoch(),
                    known.isOpen() ? TransactionView.of(known, transactionalId) : null);
        }
    }

    /// @param transactionalId absent if the coordinator does not know it
    /// @param holdsLastStableOffset is it the first that is open?
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record TransactionView(
            @Nullable String transactionalId,
            long firstOffset,
            long sinceTimestamp,
            @Nullable String sinceIso,
            boolean holdsLastStableOffset) {
        static TransactionView of(Known known, @Nullable String transactionalId) {
            var open = StableOffsetHolder.of(known.partition(), known.producer());
            return new TransactionView(
                    transactionalId, open.firstOffset(), open.sinceMs(), Timestamps.iso(open.sinceMs()), known.holds());
        }
    }
}
