package io.vitrine.group;

import io.vitrine.coordinator.CoordinatorLayout;
import io.vitrine.coordinator.CoordinatorLogLoader;
import io.vitrine.coordinator.CoordinatorLogWriter;
import io.vitrine.coordinator.CoordinatorStart;
import io.vitrine.coordinator.CoordinatorTopic;
import io.vitrine.coordinator.RecordTap;
import io.vitrine.coordinator.ServedPartitions;
import io.vitrine.partition.TransactionGate;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.coordinator.share.ShareCoordinator;
import org.apache.kafka.coordinator.share.ShareCoordinatorConfig;
import org.apache.kafka.coordinator.share.ShareCoordinatorRecordSerde;
import org.apache.kafka.coordinator.share.ShareCoordinatorService;
import org.apache.kafka.coordinator.share.metrics.ShareCoordinatorMetrics;
import org.apache.kafka.coordinator.share.metrics.ShareCoordinatorRuntimeMetrics;
import org.apache.kafka.image.MetadataDelta;
import org.apache.kafka.image.MetadataImage;
import org.apache.kafka.server.share.SharePartitionKey;
import org.apache.kafka.server.util.timer.SystemTimer;
import org.apache.kafka.server.util.timer.SystemTimerReaper;

/// Kafka's share coordinator with all it needs, at work: the same as the one of groups, over `__share_group_state`.
final class EmbeddedShareCoordinator implements CoordinatorStart.Closeable {
    private final CoordinatorTopic topic;
    private final ShareCoordinatorConfig config;
    private final Metrics metrics = new Metrics();
    private final ShareCoordinatorService service;
    private final ServedPartitions served;
    private final CoordinatorLayout layout;

    /// Makes and starts it; it serves no partition yet.
    EmbeddedShareCoordinator(int nodeId, CoordinatorTopic topic, GroupSettings settings) {
        this.topic = topic;
        this.config = settings.toKafkaShareCoordinator();
        var tap = new RecordTap(new ShareCoordinatorRecordSerde());
        var loader = new CoordinatorLogLoader(topic, tap, "share-loader-", config.shareCoordinatorLoadBufferSize());
        this.served = new ServedPartitions(nodeId, topic, loader, "share-metadata");
        this.service = new ShareCoordinatorService.Builder(nodeId, config)
                .withTime(Time.SYSTEM)
                .withTimer(new SystemTimerReaper("share-timer-reaper", new SystemTimer("share-timer")))
                .withLoader(loader)
                .withWriter(new CoordinatorLogWriter(topic, settings.fsync(), tap, served, TransactionGate.CLOSED))
                .withCoordinatorRuntimeMetrics(new ShareCoordinatorRuntimeMetrics(metrics))
                .withCoordinatorMetrics(new ShareCoordinatorMetrics(metrics))
                .build();
        served.tell(new ServedPartitions.Coordinator(
                service::onElection,
                service::onResignation,
                service::onMetadataUpdate,
                (_, _) -> {},
                service::shutdown));
        this.layout = new CoordinatorLayout(topic, config.shareCoordinatorStateTopicNumPartitions());
        service.startup(layout::partitionCount);
    }

    ShareCoordinator service() {
        return service;
    }

    /// Makes the topic unless there is one. It waits for the disk.
    void createTopic() throws IOException {
        topic.createIfMissing(config.shareCoordinatorStateTopicNumPartitions(), service.shareGroupStateTopicConfigs());
    }

    /// Takes over what has changed, soon: called under the lock of the metadata.
    void changed(MetadataDelta delta, MetadataImage image) {
        served.changed(delta, image);
    }

    /// Does what is needed for the state of a share partition to be served, if anything.
    ///
    /// @return completed when it is served or has begun to load, with empty; or with why it is not
    CompletableFuture<Optional<String>> serve(String groupId, Uuid topicId, int partition) {
        return served.serve(service.partitionFor(SharePartitionKey.getInstance(groupId, topicId, partition)));
    }

    @Override
    public boolean isOutdated() {
        return layout.isOutdated();
    }

    @Override
    public void close() {
        served.close();
        metrics.close();
    }
}
