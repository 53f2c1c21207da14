package io.vitrine.group;

import com.yammer.metrics.core.MetricsRegistry;
import io.vitrine.coordinator.CoordinatorLayout;
import io.vitrine.coordinator.CoordinatorLogLoader;
import io.vitrine.coordinator.CoordinatorLogWriter;
import io.vitrine.coordinator.CoordinatorStart;
import io.vitrine.coordinator.CoordinatorTopic;
import io.vitrine.coordinator.RecordTap;
import io.vitrine.coordinator.ServedPartitions;
import io.vitrine.partition.TransactionGate;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.coordinator.group.GroupCoordinator;
import org.apache.kafka.coordinator.group.GroupCoordinatorConfig;
import org.apache.kafka.coordinator.group.GroupCoordinatorService;
import org.apache.kafka.coordinator.group.metrics.GroupCoordinatorMetrics;
import org.apache.kafka.coordinator.group.metrics.GroupCoordinatorRuntimeMetrics;
import org.apache.kafka.image.MetadataDelta;
import org.apache.kafka.image.MetadataImage;
import org.apache.kafka.server.share.persister.Persister;
import org.apache.kafka.server.util.timer.SystemTimer;
import org.apache.kafka.server.util.timer.SystemTimerReaper;

/// Kafka's group coordinator with all it needs, at work.
final class EmbeddedCoordinator implements CoordinatorStart.Closeable {
    private final GroupCoordinatorConfig config;
    private final GroupRules rules;
    private final Metrics metrics = new Metrics();
    private final MetricsRegistry registry = new MetricsRegistry();
    private final CoordinatorLogLoader loader;
    private final GroupCoordinatorService service;
    private final ServedPartitions served;
    private final CoordinatorLayout layout;

    /// Makes and starts it; it serves no partition yet.
    ///
    /// @param gate knows the transactions in which offsets are committed
    /// @param shares keeps what share groups were given and have acknowledged
    EmbeddedCoordinator(
            int nodeId,
            CoordinatorTopic topic,
            GroupSettings settings,
            RecordTap tap,
            Persister shares,
            ShareOffsets shareOffsets,
            TransactionGate gate) {
        this.config = settings.toKafka();
        this.rules = new GroupRules(config, settings.toKafkaShares());
        this.loader = new CoordinatorLogLoader(topic, tap, "group-loader-", config.offsetsLoadBufferSize());
        this.served = new ServedPartitions(nodeId, topic, loader, "group-metadata");
        var writer = new CoordinatorLogWriter(topic, settings.fsync(), tap, served, gate);
        this.service = new GroupCoordinatorService.Builder(nodeId, config)
                .withTime(Time.SYSTEM)
                .withTimer(new SystemTimerReaper("group-timer-reaper", new SystemTimer("group-timer")))
                .withLoader(loader)
                .withWriter(writer)
                .withCoordinatorRuntimeMetrics(new GroupCoordinatorRuntimeMetrics(metrics))
                .withGroupCoordinatorMetrics(new GroupCoordinatorMetrics(registry, metrics))
                .withGroupConfigManager(rules.toKafka())
                .withPersister(shares)
                .withAuthorizerPlugin(Optional.empty())
                .withPartitionMetadataClient(shareOffsets)
                .build();
        served.tell(new ServedPartitions.Coordinator(
                service::onElection,
                service::onResignation,
                service::onMetadataUpdate,
                rules::changed,
                service::shutdown));
        this.layout = new CoordinatorLayout(topic, config.offsetsTopicPartitions());
        service.startup(layout::partitionCount);
    }

    Metrics metrics() {
        return metrics;
    }

    GroupCoordinator service() {
        return service;
    }

    GroupCoordinatorConfig config() {
        return config;
    }

    /// What holds for share groups.
    GroupRules rules() {
        return rules;
    }

    CoordinatorLogLoader loader() {
        return loader;
    }

    /// Takes over what has changed, soon: called under the lock of the metadata.
    void changed(MetadataDelta delta, MetadataImage image) {
        served.changed(delta, image);
    }

    /// Which partition holds a group.
    int partitionFor(String groupId) {
        return service.partitionFor(groupId);
    }

    /// Has `listener` run when groups that were served are gone, before others take their places.
    void onReplacement(Runnable listener) {
        served.onReplacement(listener);
    }

    /// Completed when all changes of topics that came before have been taken over.
    CompletableFuture<?> settled() {
        return served.settled();
    }

    /// Does what is needed for a partition to be served, if anything.
    ///
    /// @return completed when it is served or has begun to load, with empty; or with why it is not
    CompletableFuture<Optional<String>> serve(int partition) {
        return served.serve(partition);
    }

    @Override
    public boolean isOutdated() {
        return layout.isOutdated();
    }

    @Override
    public void close() {
        served.close();
        metrics.close();
        registry.shutdown();
    }
}
