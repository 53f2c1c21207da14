package io.vitrine.partition;

import io.vitrine.metadata.ClusterChange;
import io.vitrine.metadata.ClusterImage;
import io.vitrine.metadata.Topic;
import io.vitrine.metadata.TopicPartition;
import io.vitrine.metadata.TopicPartitionState;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The partitions that are hosted here, and how they follow the metadata. Changes come one after the other; anyone may
/// look meanwhile.
final class HostedPartitions {
    private static final Logger log = LoggerFactory.getLogger(HostedPartitions.class);
    private static final int CLOSING_THREADS = 8;

    private final int nodeId;
    private final Supplier<TopicRules> rules;
    private final PartitionOpener opener;
    private final PartitionRemoval removal;
    private final LogCleaner cleaner;
    private final Map<TopicPartition, Partition> partitions = new ConcurrentHashMap<>();
    private volatile AppendObserver observer = AppendObserver.NONE;

    /// @param rules what topics get at this moment
    HostedPartitions(
            int nodeId,
            Supplier<TopicRules> rules,
            PartitionOpener opener,
            PartitionRemoval removal,
            LogCleaner cleaner) {
        this.nodeId = nodeId;
        this.rules = rules;
        this.opener = opener;
        this.removal = removal;
        this.cleaner = cleaner;
    }

    Optional<Partition> find(TopicPartition name) {
        return Optional.ofNullable(partitions.get(name));
    }

    /// All of them, in no order.
    Collection<Partition> all() {
        return partitions.values();
    }

    /// Takes an image over as a whole.
    void apply(ClusterImage image) {
        var gone = partitions.values().stream()
                .filter(partition -> !isIn(image, partition))
                .toList();
        apply(image.topics(), gone);
    }

    /// Takes over what is different in an image.
    void apply(ClusterChange change) {
        apply(change.changed(), gone(change));
    }

    /// Does the same, and has all others take over what holds for all topics now.
    void applyWithRules(ClusterChange change) {
        apply(change.image().topics(), gone(change));
    }

    /// A topic that is put back to what it was is among them, though the image has it.
    private List<Partition> gone(ClusterChange change) {
        var gone = new ArrayList<Partition>();
        for (var topic : change.removed()) {
            for (var state : topic.partitions()) {
                find(new TopicPartition(topic.name(), state.index()))
                        .filter(partition -> partition.topicId().equals(topic.id()))
                        .ifPresent(gone::add);
            }
        }
        return gone;
    }

    void observe(AppendObserver newObserver) {
        observer = newObserver;
        partitions.values().forEach(partition -> partition.appends().observe(newObserver));
    }

    /// Opens what will be new, and touches nothing else.
    void prepare(ClusterChange change) {
        open(missing(change.changed()));
    }

    /// Forces and closes all logs, several at a time because each waits for the disk.
    boolean closeAll() {
        var clean = new AtomicBoolean(true);
        try (var executor = Executors.newFixedThreadPool(
                CLOSING_THREADS, Thread.ofPlatform().name("log-close-", 0).factory())) {
            for (var partition : partitions.values()) {
                executor.execute(() -> {
                    if (!close(partition)) {
                        clean.set(false);
                    }
                });
            }
        }
        return clean.get();
    }

    private void apply(Collection<Topic> topics, Collection<Partition> gone) {
        remove(gone);
        open(missing(topics));
        var touched = new ArrayList<Partition>();
        for (var topic : topics) {
            for (var state : topic.partitions()) {
                find(new TopicPartition(topic.name(), state.index())).ifPresent(open -> {
                    configure(open, topic, state);
                    touched.add(open);
                });
            }
        }
        cleaner.startIfNeeded(touched);
    }

    private List<PartitionOpener.Wanted> missing(Collection<Topic> topics) {
        var missing = new ArrayList<PartitionOpener.Wanted>();
        for (var topic : topics) {
            for (var state : topic.partitions()) {
                var name = new TopicPartition(topic.name(), state.index());
                if (state.replicas().contains(nodeId) && !partitions.containsKey(name)) {
                    missing.add(new PartitionOpener.Wanted(topic, state));
                }
            }
        }
        return missing;
    }

    private void remove(Collection<Partition> gone) {
        gone.forEach(partition -> partitions.remove(partition.name(), partition));
        removal.remove(gone);
        opener.forget(gone);
    }

    private void open(List<PartitionOpener.Wanted> missing) {
        var opened = opener.openAll(missing);
        for (var wanted : missing) {
            configure(Objects.requireNonNull(opened.get(wanted.name())), wanted.topic(), wanted.state());
        }
        partitions.putAll(opened);
        // Whoever began to observe meanwhile found only those that were there.
        opened.values().forEach(partition -> partition.appends().observe(observer));
    }

    private void configure(Partition partition, Topic topic, TopicPartitionState state) {
        partition.configure(
                rules.get().batchRules(topic.configs()), rules.get().logSettings(topic.configs()), state.leaderEpoch());
        partition.appends().observe(observer);
    }

    private static boolean isIn(ClusterImage image, Partition partition) {
        return image.findTopic(partition.topicId())
                .flatMap(topic -> topic.findPartition(partition.name().partition()))
                .isPresent();
    }

    private static boolean close(Partition partition) {
        try {
            return partition.storage().close();
        } catch (IOException e) {
            log.error("{} could not be closed in order", partition.name(), e);
            return false;
        }
    }
}
