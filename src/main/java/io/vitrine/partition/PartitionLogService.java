package io.vitrine.partition;

import io.vitrine.log.LocalDisk;
import io.vitrine.log.LogDirectory;
import io.vitrine.log.PartitionLog;
import io.vitrine.metadata.ClusterImage;
import io.vitrine.metadata.Topic;
import io.vitrine.metadata.TopicPartition;
import io.vitrine.metadata.TopicPartitionState;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The partitions hosted by this broker, kept in step with the metadata image. The Kafka handlers and the REST
/// controllers share it.
public final class PartitionLogService implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(PartitionLogService.class);

    private final PartitionSettings settings;
    private final List<LogDirectory> directories;
    private final Clock clock;
    private final GroupCommit groupCommit = new GroupCommit();
    private final Map<TopicPartition, Partition> partitions = new ConcurrentHashMap<>();
    private volatile AppendObserver observer = AppendObserver.NONE;
    private volatile boolean closed;

    /// @param directories locked by the caller, who closes them after this service
    public PartitionLogService(PartitionSettings settings, List<LogDirectory> directories, Clock clock) {
        this.settings = settings;
        this.directories = List.copyOf(directories);
        this.clock = clock;
    }

    /// Opens the partitions that `image` puts on this broker and that are not open yet, many at a time, and takes
    /// over changed configurations and leader epochs. When it returns, all of them can be appended to and read; one
    /// whose log can't be opened is hosted all the same, offline, with its reason.
    public synchronized void apply(ClusterImage image) {
        if (closed) {
            return;
        }
        var missing = new ArrayList<Runnable>();
        for (var topic : image.topics()) {
            for (var state : topic.partitions()) {
                if (!state.replicas().contains(settings.nodeId())) {
                    continue;
                }
                var open = partitions.get(new TopicPartition(topic.name(), state.index()));
                if (open == null) {
                    missing.add(() -> host(topic, state));
                } else {
                    configure(open, topic, state);
                }
            }
        }
        runAll(missing);
    }

    /// Finds a partition that is hosted here.
    public Optional<Partition> find(TopicPartition partition) {
        return Optional.ofNullable(partitions.get(partition));
    }

    /// All partitions hosted here, in no order.
    public Collection<Partition> partitions() {
        return partitions.values();
    }

    public List<LogDirectory> directories() {
        return directories;
    }

    /// Durability that `acks=all` asks for.
    public Durability durabilityOfAcksAll() {
        return settings.fsyncForAcksAll() ? Durability.DISK : Durability.PAGE_CACHE;
    }

    /// Has `newObserver` hear of every append from now on.
    public synchronized void observe(AppendObserver newObserver) {
        observer = newObserver;
        partitions.values().forEach(partition -> partition.observe(newObserver));
    }

    /// Fsyncs done for waiting appends.
    public long flushCount() {
        return groupCommit.flushCount();
    }

    /// Forces everything to disk and, if all went well, marks the directories as cleanly stopped.
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        groupCommit.close();
        boolean clean = true;
        for (var partition : partitions.values()) {
            clean &= close(partition);
        }
        for (var directory : directories) {
            clean = clean && markCleanlyStopped(directory);
        }
    }

    private void host(Topic topic, TopicPartitionState state) {
        var partition = open(topic, new TopicPartition(topic.name(), state.index()));
        configure(partition, topic, state);
        partitions.put(partition.name(), partition);
    }

    private Partition open(Topic topic, TopicPartition name) {
        var rules = settings.topicRules().batchRules(topic.configs());
        try {
            var directory = PartitionDirectory.locate(directories, name);
            PartitionDirectory.claim(directory, topic.id());
            return Partition.online(
                    name,
                    rules,
                    clock,
                    groupCommit,
                    PartitionLog.open(
                            new LocalDisk(),
                            directory,
                            settings.topicRules().logSettings(topic.configs()),
                            clock.millis()));
        } catch (IOException | RuntimeException e) {
            log.error("{} is offline: {}", name, e.getMessage());
            return Partition.offline(name, rules, clock, groupCommit, String.valueOf(e.getMessage()));
        }
    }

    private void configure(Partition partition, Topic topic, TopicPartitionState state) {
        partition.configure(settings.topicRules().batchRules(topic.configs()), state.leaderEpoch());
        partition.observe(observer);
    }

    private static void runAll(List<Runnable> tasks) {
        int threads = Math.min(tasks.size(), Runtime.getRuntime().availableProcessors());
        if (threads <= 1) {
            tasks.forEach(Runnable::run);
            return;
        }
        try (var executor = Executors.newFixedThreadPool(threads)) {
            for (var task : tasks.stream().map(executor::submit).toList()) {
                task.get();
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("Opening a partition failed: " + e.getCause(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while opening partitions", e);
        }
    }

    private static boolean close(Partition partition) {
        try {
            return partition.close();
        } catch (IOException e) {
            log.error("{} could not be closed in order", partition.name(), e);
            return false;
        }
    }

    private static boolean markCleanlyStopped(LogDirectory directory) {
        try {
            directory.markCleanlyStopped();
            return true;
        } catch (IOException e) {
            log.error("{} could not be marked as cleanly stopped", directory.path(), e);
            return false;
        }
    }
}
