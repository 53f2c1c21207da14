package io.vitrine.group;

import com.yammer.metrics.core.MetricsRegistry;
import io.vitrine.metadata.TopicPartitionState;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.coordinator.group.GroupConfigManager;
import org.apache.kafka.coordinator.group.GroupCoordinator;
import org.apache.kafka.coordinator.group.GroupCoordinatorConfig;
import org.apache.kafka.coordinator.group.GroupCoordinatorService;
import org.apache.kafka.coordinator.group.metrics.GroupCoordinatorMetrics;
import org.apache.kafka.coordinator.group.metrics.GroupCoordinatorRuntimeMetrics;
import org.apache.kafka.coordinator.group.modern.share.ShareGroupConfig;
import org.apache.kafka.image.MetadataDelta;
import org.apache.kafka.image.MetadataImage;
import org.apache.kafka.server.share.persister.NoOpStatePersister;
import org.apache.kafka.server.util.timer.SystemTimer;
import org.apache.kafka.server.util.timer.SystemTimerReaper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Kafka's group coordinator with all it needs, at work. What changes which partitions it serves, and what it knows
/// of topics, goes through one thread of its own, because Kafka's coordinator waits for the disk when topics are
/// deleted.
final class EmbeddedCoordinator implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(EmbeddedCoordinator.class);

    private final int nodeId;
    private final OffsetsTopic topic;
    private final GroupCoordinatorConfig config;
    private final Metrics metrics = new Metrics();
    private final MetricsRegistry registry = new MetricsRegistry();
    private final OffsetsLogLoader loader;
    private final GroupCoordinatorService service;
    private final ThreadPoolExecutor inOrder;
    // Partitions it was told to serve.
    private final Set<Integer> elected = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean closed = new AtomicBoolean();

    /// Makes and starts it; it serves no partition yet.
    EmbeddedCoordinator(int nodeId, OffsetsTopic topic, GroupSettings settings, RecordTap tap) {
        this.nodeId = nodeId;
        this.topic = topic;
        this.config = settings.toKafka();
        this.inOrder = new ThreadPoolExecutor(
                1,
                1,
                1,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                Thread.ofPlatform().name("group-metadata").daemon().factory(),
                new ThreadPoolExecutor.DiscardPolicy());
        inOrder.allowCoreThreadTimeOut(true);
        this.loader = new OffsetsLogLoader(topic, tap, config.offsetsLoadBufferSize());
        var writer = new OffsetsLogWriter(topic, settings.fsync(), tap, this::resign);
        this.service = new GroupCoordinatorService.Builder(nodeId, config)
                .withTime(Time.SYSTEM)
                .withTimer(new SystemTimerReaper("group-timer-reaper", new SystemTimer("group-timer")))
                .withLoader(loader)
                .withWriter(writer)
                .withCoordinatorRuntimeMetrics(new GroupCoordinatorRuntimeMetrics(metrics))
                .withGroupCoordinatorMetrics(new GroupCoordinatorMetrics(registry, metrics))
                .withGroupConfigManager(new GroupConfigManager(config, ShareGroupConfig.fromProps(Map.of())))
                .withPersister(new NoOpStatePersister())
                .withAuthorizerPlugin(Optional.empty())
                .withPartitionMetadataClient(new NoPartitionMetadata())
                .build();
        service.startup(() -> topic.partitionCount(config.offsetsTopicPartitions()));
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

    OffsetsLogLoader loader() {
        return loader;
    }

    /// Takes over what has changed, soon: called under the lock of the metadata.
    void changed(MetadataDelta delta, MetadataImage image) {
        inOrder.execute(() -> {
            service.onMetadataUpdate(delta, image);
            takeOverConfigs(delta, image);
            electAll();
        });
    }

    /// Of single groups, which may differ from those of the broker.
    private void takeOverConfigs(MetadataDelta delta, MetadataImage image) {
        var configs = delta.configsDelta();
        var changed = configs == null
                ? image.configs().resourceData().keySet()
                : configs.changes().keySet();
        changed.stream()
                .filter(resource -> resource.type() == ConfigResource.Type.GROUP)
                .forEach(group ->
                        service.updateGroupConfig(group.name(), image.configs().configProperties(group)));
    }

    /// Which partition holds a group.
    int partitionFor(String groupId) {
        return service.partitionFor(groupId);
    }

    /// Does what is needed for a partition to be served, if anything.
    ///
    /// @return completed when it is served or has begun to load, with empty; or with why it is not
    CompletableFuture<Optional<String>> serve(int partition) {
        return elected.contains(partition) && !loader.hasFailed(partition)
                ? CompletableFuture.completedFuture(whyNot(partition))
                : CompletableFuture.supplyAsync(
                        () -> {
                            elect(partition);
                            return whyNot(partition);
                        },
                        inOrder);
    }

    /// Doing it again does nothing.
    @Override
    public void close() {
        if (closed.getAndSet(true)) {
            return;
        }
        inOrder.shutdown();
        service.shutdown();
        metrics.close();
        registry.shutdown();
    }

    private void electAll() {
        topic.find()
                .ifPresent(found -> found.partitions().stream()
                        .map(TopicPartitionState::index)
                        .filter(partition -> !elected.contains(partition))
                        .forEach(this::elect));
    }

    private void elect(int partition) {
        if (whyNot(partition).isEmpty()) {
            elected.add(partition);
            topic.find()
                    .flatMap(found -> found.findPartition(partition))
                    .ifPresent(state -> service.onElection(partition, state.leaderEpoch()));
        }
    }

    /// Its groups are somebody else's, which nobody is; who waits is told to look for a coordinator.
    private void resign(int partition) {
        inOrder.execute(() -> {
            if (elected.remove(partition)) {
                log.warn("The groups in partition {} of {} are not served any more", partition, OffsetsTopic.NAME);
                service.onResignation(partition, OptionalInt.empty());
            }
        });
    }

    /// What speaks against serving a partition.
    private Optional<String> whyNot(int partition) {
        var state = topic.find().flatMap(found -> found.findPartition(partition));
        if (state.isEmpty()) {
            return Optional.of("there is no partition %d of %s".formatted(partition, OffsetsTopic.NAME));
        }
        if (state.get().leader() != nodeId) {
            return Optional.of("the leader of partition %d of %s is node %d, this is node %d"
                    .formatted(partition, OffsetsTopic.NAME, state.get().leader(), nodeId));
        }
        return topic.findPartition(partition)
                .map(hosted ->
                        hosted.offlineReason().map(reason -> "%s is offline: %s".formatted(hosted.name(), reason)))
                .orElse(Optional.of("partition %d of %s is not hosted here".formatted(partition, OffsetsTopic.NAME)));
    }
}
