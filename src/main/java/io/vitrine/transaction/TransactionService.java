package io.vitrine.transaction;

import io.vitrine.coordinator.CoordinatorLoad;
import io.vitrine.coordinator.CoordinatorStart;
import io.vitrine.coordinator.CoordinatorTopic;
import io.vitrine.coordinator.RecordTap;
import io.vitrine.metadata.MetadataService;
import io.vitrine.partition.PartitionLogService;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.apache.kafka.common.errors.CoordinatorNotAvailableException;
import org.apache.kafka.coordinator.transaction.TransactionCoordinatorRecordSerde;
import org.apache.kafka.server.common.TransactionVersion;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The transactions of this broker.
///
/// Their coordinator starts with the first that is asked about a transactional id, or beside the rest of the broker
/// where `__transaction_state` is on disk. The topic is made when a client first looks for its coordinator.
/// Thread-safe.
public final class TransactionService implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(TransactionService.class);

    private final MetadataService metadata;
    private final TransactionSettings settings;
    private final CoordinatorTopic topic;
    private final Executor mayBlock;
    private final ProducerIdSupply ids;
    private final MarkerWriter markers;
    private final RecordTap tap = new RecordTap(new TransactionCoordinatorRecordSerde());
    private final TransactionBook book = new TransactionBook();
    private final CoordinatorStart<TransactionCoordinator> coordinator;

    /// @param markers ends transactions in the partitions they have touched
    /// @param mayBlock runs what writes the metadata log
    public TransactionService(
            MetadataService metadata,
            PartitionLogService partitions,
            TransactionSettings settings,
            MarkerWriter markers,
            Executor mayBlock) {
        this.metadata = metadata;
        this.settings = settings;
        this.markers = markers;
        this.mayBlock = mayBlock;
        this.topic = new CoordinatorTopic(CoordinatorTopic.OF_TRANSACTIONS, metadata, partitions);
        this.ids = new ProducerIdSupply(metadata, mayBlock);
        tap.listen(book);
        this.coordinator = new CoordinatorStart<>(
                "coordinator of transactions",
                work -> Thread.ofPlatform().name("transaction-start").daemon().start(work),
                this::startCoordinator);
    }

    /// Begins to load the transactions that are on disk, if there are any. Does not wait. The logs must be open.
    public void start() {
        if (topic.find().isPresent()) {
            var unused = coordinator.begin();
            log.trace("There are transactions to be loaded: {}", unused);
        }
    }

    /// Looks for the coordinator of a transactional id, and makes the topic if this is the first one.
    ///
    /// @return completed with empty if it is here, though it may still load; or with why it is nowhere
    public CompletableFuture<Optional<String>> locate(String transactionalId) {
        var running = coordinator.begin();
        var ready = topic.find().isPresent() ? running : running.thenApplyAsync(this::createTopic, mayBlock);
        return ready.thenCompose(found -> found.runtime().serve(transactionalId));
    }

    /// Is there anything that transactions could be in?
    public boolean isInUse() {
        return topic.find().isPresent();
    }

    /// Gives out producer ids.
    public ProducerIdSupply producerIds() {
        return ids;
    }

    /// What has become of the transactions since the broker started.
    public TransactionBook book() {
        return book;
    }

    /// How the partitions of `__transaction_state` were loaded, or how far that has come; none before the start.
    public List<CoordinatorLoad> loads() {
        return coordinator
                .find()
                .map(found -> found.runtime().loader().progress())
                .orElse(List.of());
    }

    /// Completed when the coordinator has taken over all changes of topics that came before; what is in its topic may
    /// still be loading then.
    public CompletableFuture<?> settled() {
        return coordinator
                .find()
                .<CompletableFuture<?>>map(found -> found.runtime().served().settled())
                .orElseGet(() -> CompletableFuture.completedFuture(null));
    }

    /// Answers who waits, and ends the coordinator. What was acknowledged is in the logs, which must be closed
    /// afterwards.
    @Override
    public void close() {
        coordinator.close();
    }

    /// Runs what takes a while.
    Executor mayBlock() {
        return mayBlock;
    }

    /// How transactions are spoken of in this cluster.
    TransactionVersion version() {
        return TransactionVersion.fromFeatureLevel(
                metadata.image().features().getOrDefault(TransactionVersion.FEATURE_NAME, (short) 0));
    }

    /// Asks the coordinator, now or when it has started.
    <T> CompletableFuture<T> ask(Function<TransactionCoordinator, CompletableFuture<T>> question) {
        return coordinator.begin().thenCompose(question);
    }

    private TransactionCoordinator createTopic(TransactionCoordinator running) {
        try {
            var config = settings.toKafkaLog();
            topic.createIfMissing(
                    config.transactionTopicPartitions(),
                    Map.of(
                            "cleanup.policy", "compact",
                            "compression.type", "uncompressed",
                            // One replica is all there is.
                            "min.insync.replicas", "1",
                            "segment.bytes", String.valueOf(config.transactionTopicSegmentBytes()),
                            "unclean.leader.election.enable", "false"));
            return running;
        } catch (IOException e) {
            log.error("{} could not be made", topic.name(), e);
            throw new CoordinatorNotAvailableException(
                    "%s could not be made: %s".formatted(topic.name(), e.getMessage()));
        }
    }

    private TransactionCoordinator startCoordinator() {
        long start = System.nanoTime();
        var started = new TransactionCoordinator(
                onLoadedPrepared -> new TransactionRuntime(
                        metadata.image().nodeId(), topic, settings, tap, this::version, onLoadedPrepared),
                settings.toKafka(),
                ids,
                new MarkerDelivery(markers),
                book);
        started.runtime().served().onReplacement(book::clear);
        metadata.addKafkaListener(started.runtime()::changed);
        log.info("Transactions are served after {} ms", (System.nanoTime() - start) / 1_000_000);
        return started;
    }
}
