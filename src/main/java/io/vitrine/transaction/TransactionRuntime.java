package io.vitrine.transaction;

import io.vitrine.coordinator.CoordinatorLayout;
import io.vitrine.coordinator.CoordinatorLogLoader;
import io.vitrine.coordinator.CoordinatorLogWriter;
import io.vitrine.coordinator.CoordinatorTopic;
import io.vitrine.coordinator.RecordTap;
import io.vitrine.coordinator.ServedPartitions;
import io.vitrine.partition.TransactionGate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.common.utils.internals.LogContext;
import org.apache.kafka.coordinator.common.runtime.CoordinatorRecord;
import org.apache.kafka.coordinator.common.runtime.CoordinatorResult;
import org.apache.kafka.coordinator.common.runtime.CoordinatorRuntime;
import org.apache.kafka.coordinator.common.runtime.CoordinatorRuntimeMetricsImpl;
import org.apache.kafka.coordinator.common.runtime.MultiThreadedEventProcessor;
import org.apache.kafka.coordinator.transaction.TransactionCoordinatorRecordSerde;
import org.apache.kafka.image.MetadataDelta;
import org.apache.kafka.image.MetadataImage;
import org.apache.kafka.server.common.TransactionVersion;
import org.apache.kafka.server.util.timer.SystemTimer;
import org.apache.kafka.server.util.timer.SystemTimerReaper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What the coordinator of transactions runs on, which is what Kafka's other coordinators run on: a state machine for
/// each partition of `__transaction_state`, one thread at a time at work on it, answers when their records are on disk.
final class TransactionRuntime implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(TransactionRuntime.class);
    private static final int THREADS = 1;
    private static final Duration WRITE_TIMEOUT = Duration.ofSeconds(5);
    private static final int CACHED_BUFFER_BYTES = 1024 * 1024;
    private static final String METRICS_GROUP = "transaction-coordinator-metrics";

    private final CoordinatorTopic topic;
    private final CoordinatorLayout layout;
    private final Metrics metrics = new Metrics();
    private final CoordinatorLogLoader loader;
    private final ServedPartitions served;
    private final CoordinatorRuntime<TransactionShard, CoordinatorRecord> runtime;
    private final ThreadPoolExecutor unusedExecutor;

    /// @param server the version of transactions that the cluster has agreed on
    /// @param onLoadedPrepared is told of what was prepared when the broker ended
    TransactionRuntime(
            int nodeId,
            CoordinatorTopic topic,
            TransactionSettings settings,
            RecordTap tap,
            Supplier<TransactionVersion> server,
            Consumer<Prepared> onLoadedPrepared) {
        this.topic = topic;
        var logSettings = settings.toKafkaLog();
        this.layout = new CoordinatorLayout(topic, logSettings.transactionTopicPartitions());
        this.loader =
                new CoordinatorLogLoader(topic, tap, "transaction-loader-", logSettings.transactionLoadBufferSize());
        this.served = new ServedPartitions(nodeId, topic, loader, "transaction-metadata");
        var logContext = new LogContext("[TransactionCoordinator id=%d] ".formatted(nodeId));
        var measures = new CoordinatorRuntimeMetricsImpl(metrics, METRICS_GROUP, false);
        this.unusedExecutor = new ThreadPoolExecutor(0, 1, 1, TimeUnit.SECONDS, new LinkedBlockingQueue<>());
        this.runtime = new CoordinatorRuntime.Builder<TransactionShard, CoordinatorRecord>()
                .withTime(Time.SYSTEM)
                .withTimer(new SystemTimerReaper("transaction-timer-reaper", new SystemTimer("transaction-timer")))
                .withLogPrefix(logContext.logPrefix())
                .withLogContext(logContext)
                .withEventProcessor(new MultiThreadedEventProcessor(
                        logContext, "transaction-coordinator-event-processor-", THREADS, Time.SYSTEM, measures))
                .withPartitionWriter(
                        new CoordinatorLogWriter(topic, settings.fsync(), tap, served, TransactionGate.CLOSED))
                .withLoader(loader)
                .withCoordinatorShardBuilderSupplier(() -> new TransactionShardBuilder(server, onLoadedPrepared))
                .withWriteTimeout(WRITE_TIMEOUT)
                .withCoordinatorRuntimeMetrics(measures)
                .withCoordinatorMetrics(new NoMetrics())
                .withSerializer(new TransactionCoordinatorRecordSerde())
                .withCompression(Compression.NONE)
                // What has come meanwhile goes into one batch; nobody waits for more to come.
                .withAppendLingerMs(OptionalInt.empty())
                .withExecutorService(unusedExecutor)
                .withCachedBufferMaxBytesSupplier(() -> CACHED_BUFFER_BYTES)
                .build();
        served.tell(new ServedPartitions.Coordinator(
                (partition, epoch) -> runtime.scheduleLoadOperation(name(partition), epoch),
                (partition, epoch) -> runtime.scheduleUnloadOperation(name(partition), epoch),
                (_, _) -> {},
                (_, _) -> {},
                this::end));
    }

    CoordinatorLogLoader loader() {
        return loader;
    }

    ServedPartitions served() {
        return served;
    }

    /// Which partition holds a transactional id, as long as this runs: where the topic grows, ids stay where they are.
    int partitionFor(String transactionalId) {
        return Utils.abs(transactionalId.hashCode()) % layout.partitionCount();
    }

    /// Has a topic with another number of partitions taken the place of the one that this reckons with?
    boolean isOutdated() {
        return layout.isOutdated();
    }

    /// Takes over what has changed, soon: called under the lock of the metadata.
    void changed(MetadataDelta delta, MetadataImage image) {
        served.changed(delta, image);
    }

    /// Changes what is known of a transactional id.
    ///
    /// @return completed when that is on disk; fails with Kafka's exception
    <T> CompletableFuture<T> write(
            String what,
            String transactionalId,
            Function<TransactionShard, CoordinatorResult<T, CoordinatorRecord>> operation) {
        return write(what, partitionFor(transactionalId), operation);
    }

    /// As above, of what was found in a partition, wherever its transactional id would be looked for.
    <T> CompletableFuture<T> write(
            String what, int partition, Function<TransactionShard, CoordinatorResult<T, CoordinatorRecord>> operation) {
        return runtime.scheduleWriteOperation(what, name(partition), operation::apply);
    }

    /// Changes something in each partition.
    <T> List<CompletableFuture<T>> writeAll(
            String what, Function<TransactionShard, CoordinatorResult<T, CoordinatorRecord>> operation) {
        return runtime.scheduleWriteAllOperation(what, operation::apply);
    }

    /// Reads what is on disk of a transactional id.
    ///
    /// @param operation gets the state and up to where it is on disk
    <T> CompletableFuture<T> read(
            String what, String transactionalId, BiFunction<TransactionShard, Long, T> operation) {
        return runtime.scheduleReadOperation(what, name(partitionFor(transactionalId)), operation::apply);
    }

    /// As [#read], in each partition that is served.
    <T> List<CompletableFuture<T>> readAll(String what, BiFunction<TransactionShard, Long, T> operation) {
        return runtime.scheduleReadAllOperation(what, operation::apply);
    }

    /// Does what is needed for a transactional id to be served, if anything.
    ///
    /// @return completed when it is served or has begun to load, with empty; or with why it is not
    CompletableFuture<Optional<String>> serve(String transactionalId) {
        return served.serve(partitionFor(transactionalId));
    }

    /// Takes over again what was given up as its disk had failed, where that is back: what is prepared in there is not
    /// to wait until somebody asks for it.
    void serveAll() {
        for (int partition = 0; partition < topic.partitionCount(0); partition++) {
            var unused = served.serve(partition);
            log.trace("Partition {} of {}: {}", partition, topic.name(), unused);
        }
    }

    /// The epoch in which a partition of the topic is led here, which fences what an earlier one began.
    OptionalInt leaderEpoch(int partition) {
        return topic.findPartition(partition)
                .map(log -> OptionalInt.of(log.leaderEpoch()))
                .orElseGet(OptionalInt::empty);
    }

    @Override
    public void close() {
        served.close();
        metrics.close();
        unusedExecutor.shutdown();
    }

    private void end() {
        try {
            runtime.close();
        } catch (Exception e) {
            log.error("The coordinator of transactions did not end in order", e);
        }
    }

    private TopicPartition name(int partition) {
        return new TopicPartition(topic.name(), partition);
    }
}
