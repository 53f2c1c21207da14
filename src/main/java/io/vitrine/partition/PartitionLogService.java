package io.vitrine.partition;

import io.vitrine.log.LogDirectory;
import io.vitrine.log.RecoveryReport;
import io.vitrine.metadata.ClusterImage;
import io.vitrine.metadata.Topic;
import io.vitrine.metadata.TopicPartition;
import io.vitrine.metadata.TopicPartitionState;
import io.vitrine.record.BatchRules;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The partitions hosted by this broker, kept in step with the metadata image. The Kafka handlers and the REST
/// controllers share it.
public final class PartitionLogService implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(PartitionLogService.class);
    private static final int COMMIT_THREADS = 8;
    private static final int COLD_READ_THREADS = 4;
    private static final int CLOSING_THREADS = 8;

    private final PartitionSettings settings;
    private volatile TopicRules rules;
    private final List<LogDirectory> directories;
    private final GroupCommit groupCommit;
    private final PartitionOpener opener;
    private final StorageUpkeep upkeep;
    private final LogCleaner cleaner;
    private final UpkeepNow upkeepNow;
    private final ColdReads coldReads = new ColdReads(COLD_READ_THREADS);
    private final Map<TopicPartition, Partition> partitions = new ConcurrentHashMap<>();
    private volatile AppendObserver observer = AppendObserver.NONE;
    private volatile boolean closed;

    /// @param directories locked by the caller, who closes them after this service
    public PartitionLogService(PartitionSettings settings, List<LogDirectory> directories, Clock clock) {
        this.settings = settings;
        this.rules = settings.topicRules();
        this.directories = List.copyOf(directories);
        this.groupCommit = new GroupCommit(COMMIT_THREADS);
        var checkpoints = new LinkedHashMap<LogDirectory, DirectoryCheckpoints>();
        directories.forEach(directory -> checkpoints.put(directory, new DirectoryCheckpoints(directory)));
        this.opener = new PartitionOpener(settings, () -> rules, checkpoints, clock, groupCommit);
        this.upkeep = new StorageUpkeep(settings.tasks(), this::partitions, checkpoints, clock);
        this.cleaner = new LogCleaner(settings, this::partitions, checkpoints, upkeep, clock);
        this.upkeepNow = new UpkeepNow(upkeep, cleaner);
    }

    /// Has topics get this from now on; hosted partitions hear of it with the next image.
    public void useRules(TopicRules newRules) {
        rules = newRules;
    }

    /// Opens the partitions that `image` puts on this broker and that are not open yet, many at a time, and takes
    /// over changed configurations and leader epochs. When it returns, all of them can be appended to and read; one
    /// whose log can't be opened is hosted all the same, offline, with its reason.
    public synchronized void apply(ClusterImage image) {
        if (closed) {
            return;
        }
        var missing = new ArrayList<PartitionOpener.Wanted>();
        for (var topic : image.topics()) {
            for (var state : topic.partitions()) {
                if (!state.replicas().contains(settings.nodeId())) {
                    continue;
                }
                var open = partitions.get(new TopicPartition(topic.name(), state.index()));
                if (open == null) {
                    missing.add(new PartitionOpener.Wanted(topic, state));
                } else {
                    configure(open, topic, state);
                }
            }
        }
        var opened = opener.openAll(missing);
        for (var wanted : missing) {
            configure(Objects.requireNonNull(opened.get(wanted.name())), wanted.topic(), wanted.state());
        }
        partitions.putAll(opened);
        // Whoever began to observe meanwhile found only those that were there.
        opened.values().forEach(partition -> partition.appends().observe(observer));
        cleaner.startIfNeeded();
        tellOfLost(image);
    }

    /// Whoever waits for a partition that exists no more has nothing to wait for.
    private void tellOfLost(ClusterImage image) {
        for (var partition : partitions.values()) {
            var name = partition.name();
            boolean exists = image.findTopic(name.topic())
                    .flatMap(topic -> topic.findPartition(name.partition()))
                    .isPresent();
            if (!exists) {
                partition.watchers().changed();
            }
        }
    }

    /// Begins what is done to logs now and then: checkpoints, retention, compaction. Before, nothing is deleted.
    public void startUpkeep() {
        upkeep.start();
        cleaner.start();
    }

    /// Hides the records of a partition before `offset` from now on, and deletes the segments that hold nothing else.
    ///
    /// @throws IllegalArgumentException if `offset` is behind the end, or the log could not be opened
    public void deleteRecords(Partition partition, long offset) {
        partition
                .findUpkeep()
                .orElseThrow(() -> new IllegalArgumentException(partition.name() + " could not be opened"))
                .startAt(offset);
        upkeep.removeSegments(List.of(partition));
    }

    /// Has upkeep done at once.
    public UpkeepNow upkeepNow() {
        return upkeepNow;
    }

    /// How the logs were opened, or how far that has come.
    public Map<TopicPartition, RecoveryReport> recoveries() {
        return opener.recoveries();
    }

    /// Who compacts logs.
    public LogCleaner cleaner() {
        return cleaner;
    }

    /// Who waits for the disk on behalf of fetches.
    public ColdReads coldReads() {
        return coldReads;
    }

    /// Segments that retention has taken away since the start.
    public long segmentsDeleted() {
        return upkeep.segmentsDeleted();
    }

    /// Finds a partition that is hosted here.
    public Optional<Partition> find(TopicPartition partition) {
        return Optional.ofNullable(partitions.get(partition));
    }

    /// All partitions hosted here, in no order.
    public Collection<Partition> partitions() {
        return partitions.values();
    }

    /// The appends that are written and wait for the disk, by partition; those first that have waited for longest.
    public List<DiskWait> diskWaits() {
        return partitions.values().stream()
                .flatMap(partition -> partition.appends().findDiskWait().stream())
                .sorted(Comparator.comparing(DiskWait::longest).reversed())
                .toList();
    }

    public List<LogDirectory> directories() {
        return directories;
    }

    /// What a topic asks of the batches written to it.
    public BatchRules batchRules(Topic topic) {
        return rules.batchRules(topic.configs());
    }

    /// Durability that `acks=all` asks for.
    public Durability durabilityOfAcksAll() {
        return settings.fsyncForAcksAll() ? Durability.DISK : Durability.PAGE_CACHE;
    }

    /// Has `newObserver` hear of every append from now on. Does not wait for logs that are being opened.
    public void observe(AppendObserver newObserver) {
        observer = newObserver;
        partitions.values().forEach(partition -> partition.appends().observe(newObserver));
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
        coldReads.close();
        cleaner.close();
        upkeep.close();
        groupCommit.close();
        boolean clean = closeAll();
        upkeep.writeRecoveryPoints();
        upkeep.writeLogStarts();
        upkeep.writeHighWatermarks();
        for (var directory : directories) {
            clean = clean && markCleanlyStopped(directory);
        }
    }

    /// Forces and closes all logs, several at a time because each waits for the disk.
    private boolean closeAll() {
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

    private void configure(Partition partition, Topic topic, TopicPartitionState state) {
        partition.configure(rules.batchRules(topic.configs()), rules.logSettings(topic.configs()), state.leaderEpoch());
        partition.appends().observe(observer);
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
