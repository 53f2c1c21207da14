package io.vitrine.group;

import io.vitrine.metadata.TopicPartitionState;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Which partitions of its topic a coordinator serves. What changes that, and what the coordinator knows of topics,
/// goes through one thread of its own, because Kafka's coordinators wait for the disk when topics are deleted.
final class ServedPartitions {
    private static final Logger log = LoggerFactory.getLogger(ServedPartitions.class);

    private final int nodeId;
    private final CoordinatorTopic topic;
    private final CoordinatorLogLoader loader;
    private final ThreadPoolExecutor inOrder;
    // Partitions it was told to serve.
    private final Set<Integer> elected = ConcurrentHashMap.newKeySet();

    /// What a coordinator is told of the partitions it serves.
    interface Elected {
        void onElection(int partition, int leaderEpoch);

        void onResignation(int partition, OptionalInt leaderEpoch);
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
                Thread.ofPlatform().name(thread).daemon().factory(),
                new ThreadPoolExecutor.DiscardPolicy());
        inOrder.allowCoreThreadTimeOut(true);
    }

    /// Has `coordinator` take over a change of topics, and serve the partitions that came with it, soon.
    void changed(Elected coordinator, Runnable change) {
        inOrder.execute(() -> {
            change.run();
            electAll(coordinator);
        });
    }

    /// Does what is needed for a partition to be served, if anything.
    ///
    /// @return completed when it is served or has begun to load, with empty; or with why it is not
    CompletableFuture<Optional<String>> serve(Elected coordinator, int partition) {
        return elected.contains(partition) && !loader.hasFailed(partition)
                ? CompletableFuture.completedFuture(whyNot(partition))
                : CompletableFuture.supplyAsync(
                        () -> {
                            elect(coordinator, partition);
                            return whyNot(partition);
                        },
                        inOrder);
    }

    /// What the partition holds is somebody else's, which nobody is; who waits is told to look for a coordinator.
    void resign(Elected coordinator, int partition) {
        inOrder.execute(() -> {
            if (elected.remove(partition)) {
                log.warn("What is in partition {} of {} is not served any more", partition, topic.name());
                coordinator.onResignation(partition, OptionalInt.empty());
            }
        });
    }

    /// Takes no further changes.
    void shutdown() {
        inOrder.shutdown();
    }

    private void electAll(Elected coordinator) {
        topic.find()
                .ifPresent(found -> found.partitions().stream()
                        .map(TopicPartitionState::index)
                        .filter(partition -> !elected.contains(partition))
                        .forEach(partition -> elect(coordinator, partition)));
    }

    private void elect(Elected coordinator, int partition) {
        if (whyNot(partition).isEmpty()) {
            if (loader.hasFailed(partition)) {
                // Kafka's coordinator loads a partition once in an epoch, unless it has given it up in between.
                coordinator.onResignation(partition, OptionalInt.empty());
            }
            elected.add(partition);
            topic.find()
                    .flatMap(found -> found.findPartition(partition))
                    .ifPresent(state -> coordinator.onElection(partition, state.leaderEpoch()));
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
