package io.vitrine.group;

import io.vitrine.metadata.Topic;
import io.vitrine.metadata.TopicPartitionState;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.image.MetadataDelta;
import org.apache.kafka.image.MetadataImage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Which partitions of its topic a coordinator of Kafka's serves. What changes that, and what the coordinator knows
/// of topics, goes through one thread of its own, because Kafka's coordinators wait for the disk when topics are
/// deleted.
final class ServedPartitions implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ServedPartitions.class);
    private static final String STOPPING = "the broker is stopping";
    private static final long MAX_WAIT_MS = 1_000;

    private final int nodeId;
    private final CoordinatorTopic topic;
    private final CoordinatorLogLoader loader;
    private final ThreadPoolExecutor inOrder;
    // Partitions it was told to serve.
    private final Set<Integer> elected = ConcurrentHashMap.newKeySet();
    // The topic that they are of; only for the thread that changes them.
    private Optional<Uuid> served = Optional.empty();
    private volatile Coordinator coordinator = Coordinator.NONE;

    /// What all of Kafka's coordinators are told, though they have no type in common.
    record Coordinator(
            BiConsumer<Integer, Integer> onElection,
            BiConsumer<Integer, OptionalInt> onResignation,
            BiConsumer<MetadataDelta, MetadataImage> onMetadataUpdate,
            Runnable shutdown) {
        static final Coordinator NONE = new Coordinator((_, _) -> {}, (_, _) -> {}, (_, _) -> {}, () -> {});
    }

    /// @param thread the name of the thread that changes them
    ServedPartitions(int nodeId, CoordinatorTopic topic, CoordinatorLogLoader loader, String thread) {
        this.nodeId = nodeId;
        this.topic = topic;
        this.loader = loader;
        this.inOrder = new ThreadPoolExecutor(
                1,
                1,
                1,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                Thread.ofPlatform().name(thread).daemon().factory());
        inOrder.allowCoreThreadTimeOut(true);
    }

    /// From now on this is told: it needs parts for its making that in turn need this.
    void tell(Coordinator started) {
        coordinator = started;
    }

    /// Has the coordinator take over a change of topics, and serve the partitions that came with it, soon: called
    /// under the lock of the metadata.
    void changed(MetadataDelta delta, MetadataImage image) {
        execute(() -> {
            coordinator.onMetadataUpdate().accept(delta, image);
            resignFromDeleted();
            electAll();
        });
    }

    /// Does what is needed for a partition to be served, if anything.
    ///
    /// @return completed when it is served or has begun to load, with empty; or with why it is not
    CompletableFuture<Optional<String>> serve(int partition) {
        if (elected.contains(partition) && !loader.hasFailed(partition)) {
            return CompletableFuture.completedFuture(whyNot(partition));
        }
        try {
            return CompletableFuture.supplyAsync(
                    () -> {
                        if (inOrder.isShutdown()) {
                            return Optional.of(STOPPING);
                        }
                        resignFromDeleted();
                        elect(partition);
                        return whyNot(partition);
                    },
                    inOrder);
        } catch (RejectedExecutionException e) {
            return CompletableFuture.completedFuture(Optional.of(STOPPING));
        }
    }

    /// What the partition holds is somebody else's, which nobody is; who waits is told to look for a coordinator.
    void resign(int partition) {
        execute(() -> {
            if (elected.remove(partition)) {
                log.warn("What is in partition {} of {} is not served any more", partition, topic.name());
                coordinator.onResignation().accept(partition, OptionalInt.empty());
            }
        });
    }

    /// Takes no further changes, and ends the coordinator.
    @Override
    public void close() {
        inOrder.shutdown();
        try {
            if (!inOrder.awaitTermination(MAX_WAIT_MS, TimeUnit.MILLISECONDS)) {
                log.warn("A change of what is served in {} was under way when the broker stopped", topic.name());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        coordinator.shutdown().run();
    }

    private void execute(Runnable change) {
        try {
            inOrder.execute(() -> {
                if (!inOrder.isShutdown()) {
                    change.run();
                }
            });
        } catch (RejectedExecutionException e) {
            // Nothing is served any more.
            log.debug("A change of what is served in {} came when the broker was stopping", topic.name(), e);
        }
    }

    /// What was kept in a topic that was deleted is gone, even if there is one of the same name again.
    private void resignFromDeleted() {
        var present = topic.find().map(Topic::id);
        if (served.isPresent() && !served.equals(present)) {
            for (var partition : elected) {
                coordinator.onResignation().accept(partition, OptionalInt.empty());
            }
            log.warn("{} was deleted, and what was kept in it is served no more", topic.name());
            elected.clear();
        }
        served = present;
    }

    private void electAll() {
        topic.find()
                .ifPresent(found -> found.partitions().stream()
                        .map(TopicPartitionState::index)
                        .filter(partition -> !elected.contains(partition))
                        .forEach(partition -> elect(partition)));
    }

    private void elect(int partition) {
        if (whyNot(partition).isEmpty()) {
            if (loader.hasFailed(partition)) {
                // Kafka's coordinator loads a partition once in an epoch, unless it has given it up in between.
                coordinator.onResignation().accept(partition, OptionalInt.empty());
            }
            elected.add(partition);
            topic.find()
                    .flatMap(found -> found.findPartition(partition))
                    .ifPresent(state -> coordinator.onElection().accept(partition, state.leaderEpoch()));
        }
    }

    /// What speaks against serving a partition.
    private Optional<String> whyNot(int partition) {
        var state = topic.find().flatMap(found -> found.findPartition(partition));
        if (state.isEmpty()) {
            return Optional.of("there is no partition %d of %s".formatted(partition, topic.name()));
        }
        if (state.get().leader() != nodeId) {
            return Optional.of("the leader of partition %d of %s is node %d, this is node %d"
                    .formatted(partition, topic.name(), state.get().leader(), nodeId));
        }
        return topic.findPartition(partition)
                .map(hosted ->
                        hosted.offlineReason().map(reason -> "%s is offline: %s".formatted(hosted.name(), reason)))
                .orElse(Optional.of("partition %d of %s is not hosted here".formatted(partition, topic.name())));
    }
}
