package io.vitrine.coordinator;

import io.vitrine.metadata.TopicPartitionState;
import io.vitrine.partition.Partition;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.image.MetadataDelta;
import org.apache.kafka.image.MetadataImage;
import org.apache.kafka.image.TopicsDelta;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Which partitions of its topic a coordinator of Kafka's serves. What changes that, and what the coordinator knows
/// of topics, goes through one thread of its own, because Kafka's coordinators wait for the disk when topics are
/// deleted.
public final class ServedPartitions implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ServedPartitions.class);
    private static final String STOPPING = "the broker is stopping";
    private static final long MAX_WAIT_MS = 1_000;

    private final int nodeId;
    private final CoordinatorTopic topic;
    private final CoordinatorLogLoader loader;
    private final ThreadPoolExecutor inOrder;
    // Partitions it was told to serve, and which log each of them was then.
    private final Map<Integer, Term> elected = new ConcurrentHashMap<>();
    private final List<Runnable> onReplacement = new CopyOnWriteArrayList<>();
    private volatile Coordinator coordinator = Coordinator.NONE;

    /// What a log is that a coordinator leads. If it is deleted and made again, or put back to where it was, it is
    /// another one, of which the coordinator knows nothing.
    private record Term(Uuid topicId, int leaderEpoch) {
        static Term of(Partition log) {
            return new Term(log.topicId(), log.leaderEpoch());
        }
    }

    /// What all of Kafka's coordinators are told, though they have no type in common.
    public record Coordinator(
            BiConsumer<Integer, Integer> onElection,
            BiConsumer<Integer, OptionalInt> onResignation,
            BiConsumer<MetadataDelta, MetadataImage> onMetadataUpdate,
            BiConsumer<MetadataDelta, MetadataImage> onConfigUpdate,
            Runnable shutdown) {
        static final Coordinator NONE =
                new Coordinator((_, _) -> {}, (_, _) -> {}, (_, _) -> {}, (_, _) -> {}, () -> {});
    }

    /// @param thread the name of the thread that changes them
    public ServedPartitions(int nodeId, CoordinatorTopic topic, CoordinatorLogLoader loader, String thread) {
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
    public void tell(Coordinator started) {
        coordinator = started;
    }

    /// Has the coordinator take over a change of topics, and serve the partitions that came with it, soon: called
    /// under the lock of the metadata.
    public void changed(MetadataDelta delta, MetadataImage image) {
        execute(() -> {
            // Who serves nothing any more has nothing to write about topics that went with what it served.
            boolean replaced = resignReplaced();
            boolean tells = !replaced && !bringsBack(delta, image);
            coordinator.onMetadataUpdate().accept(tells ? delta : unchanged(image), image);
            coordinator.onConfigUpdate().accept(delta, image);
            electAll();
        });
    }

    /// Has `listener` run when logs that were served are gone, before those are loaded that took their places.
    public void onReplacement(Runnable listener) {
        onReplacement.add(listener);
    }

    /// Completed when all changes that came before have been taken over.
    public CompletableFuture<?> settled() {
        try {
            return CompletableFuture.runAsync(() -> {}, inOrder);
        } catch (RejectedExecutionException e) {
            return CompletableFuture.completedFuture(null);
        }
    }

    /// Is that the log that the coordinator was elected for? It must not write what it knows of one into another.
    public boolean isServed(int partition, Partition log) {
        return Term.of(log).equals(elected.get(partition));
    }

    /// Does what is needed for a partition to be served, if anything.
    ///
    /// @return completed when it is served or has begun to load, with empty; or with why it is not
    public CompletableFuture<Optional<String>> serve(int partition) {
        if (elected.containsKey(partition) && !loader.hasFailed(partition)) {
            return CompletableFuture.completedFuture(whyNot(partition));
        }
        try {
            return CompletableFuture.supplyAsync(
                    () -> {
                        if (inOrder.isShutdown()) {
                            return Optional.of(STOPPING);
                        }
                        elect(partition);
                        return whyNot(partition);
                    },
                    inOrder);
        } catch (RejectedExecutionException e) {
            return CompletableFuture.completedFuture(Optional.of(STOPPING));
        }
    }

    /// What the partition holds is somebody else's, which nobody is; who waits is told to look for a coordinator.
    ///
    /// @param failed the log that failed; if another one has taken its place, that is served on
    public void resign(int partition, Partition failed) {
        execute(() -> {
            if (elected.remove(partition, Term.of(failed))) {
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

    private static MetadataDelta unchanged(MetadataImage image) {
        return new MetadataDelta.Builder().setImage(image).build();
    }

    /// Are topics back that went with the same change? What is known of them must not be deleted.
    private static boolean bringsBack(MetadataDelta delta, MetadataImage image) {
        @Nullable TopicsDelta topics = delta.topicsDelta();
        return topics != null
                && topics.deletedTopicIds().stream()
                        .anyMatch(id -> image.topics().topicsById().containsKey(id));
    }

    /// Returns whether there was anything to resign from.
    private boolean resignReplaced() {
        boolean any = false;
        for (var served : Map.copyOf(elected).entrySet()) {
            var found = topic.findPartition(served.getKey());
            if (found.isEmpty() || !Term.of(found.get()).equals(served.getValue())) {
                elected.remove(served.getKey());
                coordinator.onResignation().accept(served.getKey(), OptionalInt.empty());
                any = true;
            }
        }
        if (any) {
            log.info("What was in {} is not served any more, its logs have been replaced", topic.name());
            onReplacement.forEach(Runnable::run);
        }
        return any;
    }

    private void electAll() {
        topic.find()
                .ifPresent(found -> found.partitions().stream()
                        .map(TopicPartitionState::index)
                        .filter(partition -> !elected.containsKey(partition))
                        .forEach(partition -> elect(partition)));
    }

    private void elect(int partition) {
        if (whyNot(partition).isEmpty()) {
            if (loader.hasFailed(partition)) {
                // Kafka's coordinator loads a partition once in an epoch, unless it has given it up in between.
                coordinator.onResignation().accept(partition, OptionalInt.empty());
            }
            topic.findPartition(partition).map(Term::of).ifPresent(term -> {
                elected.put(partition, term);
                coordinator.onElection().accept(partition, term.leaderEpoch());
            });
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
