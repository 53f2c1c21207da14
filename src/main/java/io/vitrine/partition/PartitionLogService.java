package io.vitrine.partition;

import io.vitrine.log.LogDirectory;
import io.vitrine.log.RecoveryReport;
import io.vitrine.metadata.ClusterChange;
import io.vitrine.metadata.ClusterImage;
import io.vitrine.metadata.Topic;
import io.vitrine.metadata.TopicPartition;
import io.vitrine.record.BatchRules;
import java.io.IOException;
import java.time.Clock;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.apache.kafka.common.Uuid;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The partitions hosted by this broker, kept in step with the metadata image. The Kafka handlers and the REST
/// controllers share it.
public final class PartitionLogService implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(PartitionLogService.class);
    private static final int COMMIT_THREADS = 8;
    private static final int COLD_READ_THREADS = 4;

    private final PartitionSettings settings;
    private volatile TopicRules rules;
    private volatile boolean rulesChanged;
    private final List<LogDirectory> directories;
    private final GroupCommit groupCommit;
    private final PartitionOpener opener;
    private final StorageUpkeep upkeep;
    private final LogCleaner cleaner;
    private final LogControls controls;
    private final PartitionRemoval removal;
    private final RecordDeletion recordDeletion;
    private final ColdReads coldReads = new ColdReads(COLD_READ_THREADS);
    private final HostedPartitions hosted;
    private volatile boolean closed;

    /// @param directories locked by the caller, who closes them after this service
    public PartitionLogService(PartitionSettings settings, List<LogDirectory> directories, Clock clock) {
        this.settings = settings;
        this.rules = settings.topicRules();
        this.directories = List.copyOf(directories);
        this.groupCommit = new GroupCommit(COMMIT_THREADS);
        var checkpoints = new LinkedHashMap<LogDirectory, DirectoryCheckpoints>();
        directories.forEach(directory -> checkpoints.put(directory, new DirectoryCheckpoints(directory)));
        this.upkeep = new StorageUpkeep(settings.tasks(), this::partitions, checkpoints, clock);
        this.cleaner = new LogCleaner(settings, this::partitions, checkpoints, upkeep, clock);
        this.controls = new LogControls(new UpkeepNow(upkeep, cleaner), new LogCopies(cleaner.turns(), upkeep));
        this.opener = new PartitionOpener(settings, () -> rules, checkpoints, clock, groupCommit, controls.copies());
        this.removal = new PartitionRemoval(upkeep, checkpoints);
        this.hosted = new HostedPartitions(settings.nodeId(), () -> rules, opener, removal, cleaner);
        this.recordDeletion = new RecordDeletion(upkeep);
    }

    /// Has topics get this from now on; hosted partitions hear of it with the next image.
    public void useRules(TopicRules newRules) {
        rules = newRules;
        rulesChanged = true;
    }

    /// Finishes what a crash, or Kafka, has left half done in the log directories: what is left of deleted topics is
    /// removed, and what belongs to no topic is set apart. To be called once, before the first image is taken over.
    ///
    /// @param wasDeleted is it certain that the topic of that id was deleted?
    public void settle(ClusterImage image, Predicate<Uuid> wasDeleted) {
        removal.settle(new LeftoverDirectories(settings.nodeId(), image, wasDeleted));
    }

    /// Takes an image over as a whole; see [#apply(ClusterChange)].
    public synchronized void apply(ClusterImage image) {
        if (!closed) {
            hosted.apply(image);
        }
    }

    /// Opens the logs of what will be new in an image, before anybody can see it.
    public synchronized void prepare(ClusterChange change) {
        if (!closed) {
            hosted.prepare(change);
        }
    }

    /// Takes over what is different in an image. Partitions that exist no more are out of service and their names are
    /// free when it returns. All others can be appended to and read then, with changed configurations and leader
    /// epochs; those that are new are opened many at a time. One whose log can't be opened is hosted all the same,
    /// offline, with its reason.
    public synchronized void apply(ClusterChange change) {
        if (closed) {
            return;
        }
        if (rulesChanged) {
            rulesChanged = false;
            hosted.applyWithRules(change);
        } else {
            hosted.apply(change);
        }
    }

    /// Begins what is done to logs now and then: checkpoints, retention, compaction. Before, nothing is deleted.
    public void startUpkeep() {
        upkeep.start();
        cleaner.start();
    }

    /// Who deletes records because somebody wants it.
    public RecordDeletion recordDeletion() {
        return recordDeletion;
    }

    /// Hides the records of a partition before `offset` from now on, and deletes the segments that hold nothing else.
    ///
    /// @throws IllegalArgumentException if `offset` is behind the end, or the log could not be opened
    public void deleteRecords(Partition partition, long offset) {
        partition
                .storage()
                .findUpkeep()
                .orElseThrow(() -> new IllegalArgumentException(partition.name() + " could not be opened"))
                .startAt(offset);
        upkeep.removeSegments(List.of(partition));
    }

    /// What can be done to logs from outside.
    public LogControls controls() {
        return controls;
    }

    /// What became of partitions that are here no more, and of their directories.
    public RemovedPartitions removed() {
        return removal.removed();
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
        return hosted.find(partition);
    }

    /// All partitions hosted here, in no order.
    public Collection<Partition> partitions() {
        return hosted.all();
    }

    /// The appends that are written and wait for the disk, by partition; those first that have waited for longest.
    public List<DiskWait> diskWaits() {
        return hosted.all().stream()
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
        hosted.observe(newObserver);
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
        boolean clean = hosted.closeAll();
        upkeep.writeRecoveryPoints();
        upkeep.writeLogStarts();
        upkeep.writeHighWatermarks();
        for (var directory : directories) {
            clean = clean && markCleanlyStopped(directory);
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
