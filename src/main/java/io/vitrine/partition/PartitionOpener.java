package io.vitrine.partition;

import io.vitrine.log.LogDirectory;
import io.vitrine.log.OpeningMarks;
import io.vitrine.log.PartitionLog;
import io.vitrine.log.RecoveryProgress;
import io.vitrine.log.RecoveryReport;
import io.vitrine.log.RecoveryReport.State;
import io.vitrine.metadata.Topic;
import io.vitrine.metadata.TopicPartition;
import io.vitrine.metadata.TopicPartitionState;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Opens the logs of partitions, many at a time, and keeps account of it. One whose log can't be opened is hosted all
/// the same, offline, with its reason.
final class PartitionOpener {
    private static final Logger log = LoggerFactory.getLogger(PartitionOpener.class);
    private static final int REPORT_SECONDS = 5;
    // New logs wait for the file system to make their files, and hardly compute.
    private static final int THREADS_FOR_NEW = 16;

    private final PartitionSettings settings;
    private final Supplier<TopicRules> rules;
    private final List<LogDirectory> directories;
    private final Map<LogDirectory, DirectoryCheckpoints> checkpoints;
    private final Map<LogDirectory, AtomicInteger> counts = new LinkedHashMap<>();
    private final Clock clock;
    private final GroupCommit groupCommit;
    private final LogCopies copies;
    private final Map<TopicPartition, RecoveryProgress> recoveries = new ConcurrentHashMap<>();
    private boolean startIsOver;

    PartitionOpener(
            PartitionSettings settings,
            Supplier<TopicRules> rules,
            Map<LogDirectory, DirectoryCheckpoints> checkpoints,
            Clock clock,
            GroupCommit groupCommit,
            LogCopies copies) {
        this.settings = settings;
        this.rules = rules;
        this.directories = List.copyOf(checkpoints.keySet());
        this.checkpoints = checkpoints;
        this.clock = clock;
        this.groupCommit = groupCommit;
        this.copies = copies;
        directories.forEach(directory -> counts.put(directory, new AtomicInteger()));
    }

    /// What is to be opened.
    record Wanted(Topic topic, TopicPartitionState state) {
        TopicPartition name() {
            return new TopicPartition(topic.name(), state.index());
        }
    }

    /// How the logs were opened, or how far that has come.
    Map<TopicPartition, RecoveryReport> recoveries() {
        return recoveries.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, entry -> entry.getValue().report()));
    }

    /// Forgets partitions that are here no more.
    void forget(Collection<Partition> partitions) {
        for (var partition : partitions) {
            recoveries.remove(partition.name());
            counts(partition.logDirectory()).decrementAndGet();
        }
    }

    /// Opens all of them, and returns when that is done.
    Map<TopicPartition, Partition> openAll(List<Wanted> wanted) {
        var opened = new ConcurrentHashMap<TopicPartition, Partition>();
        var tasks = new ArrayList<Runnable>();
        for (var one : wanted) {
            var progress = new RecoveryProgress();
            recoveries.put(one.name(), progress);
            tasks.add(() -> opened.put(one.name(), open(one, progress)));
        }
        runAll(tasks);
        startIsOver = true;
        forceDirectories(wanted, opened);
        return opened;
    }

    /// Makes the names of the partitions' directories durable, be they new or left unforced by a crash. Nothing is
    /// acknowledged before.
    private void forceDirectories(List<Wanted> wanted, Map<TopicPartition, Partition> opened) {
        var used = opened.values().stream().map(Partition::logDirectory).collect(Collectors.toSet());
        for (var directory : used) {
            try {
                directory.forceNames();
            } catch (IOException e) {
                wanted.forEach(one -> opened.computeIfPresent(
                        one.name(),
                        (_, partition) ->
                                partition.logDirectory().equals(directory) ? closed(partition, one, e) : partition));
            }
        }
    }

    private Partition closed(Partition partition, Wanted wanted, IOException cause) {
        var reason =
                "%s refused an fsync: %s".formatted(partition.logDirectory().path(), cause.getMessage());
        log.error("{} is offline: {}", partition.name(), reason);
        try {
            partition.storage().close();
        } catch (IOException e) {
            log.warn("{} could not be closed in order", partition.name(), e);
        }
        var place = new Partition.Place(
                partition.name(), partition.topicId(), partition.logDirectory(), clock, groupCommit);
        return Partition.offline(place, rules.get().batchRules(wanted.topic().configs()), reason);
    }

    private Partition open(Wanted wanted, RecoveryProgress progress) {
        progress.begin();
        var name = wanted.name();
        var batchRules = rules.get().batchRules(wanted.topic().configs());
        var directory = copies.isReady(name) ? directories.getFirst() : PartitionDirectory.locate(counts, name);
        var place = new Partition.Place(name, wanted.topic().id(), directory, clock, groupCommit);
        counts(directory).incrementAndGet();
        try {
            var path = directory.path().resolve(name.toString());
            int leaderEpoch = wanted.state().leaderEpoch();
            var ready = copies.take(name, path, leaderEpoch);
            var apart = PartitionDirectory.claim(
                    directory.disk(), path, wanted.topic().id());
            apart.ifPresent(stray -> log.warn(
                    "{} belongs to another topic than {}; it is kept as {} and not served",
                    path,
                    wanted.topic().id(),
                    stray.getFileName()));
            var opened = PartitionLog.open(
                    new PartitionLog.Location(directory.disk(), path),
                    rules.get().logSettings(wanted.topic().configs()),
                    apart.isPresent()
                            ? OpeningMarks.UNKNOWN
                            : ready.orElseGet(() -> marks(directory, name, leaderEpoch)),
                    clock,
                    progress);
            progress.done();
            return Partition.online(place, batchRules, opened);
        } catch (IOException | RuntimeException e) {
            log.error("{} is offline: {}", name, e.getMessage());
            progress.failed(String.valueOf(e.getMessage()));
            return Partition.offline(place, batchRules, String.valueOf(e.getMessage()));
        }
    }

    /// What the checkpoints said at the start holds for the logs that were there then.
    private OpeningMarks marks(LogDirectory directory, TopicPartition name, int leaderEpoch) {
        var known = checkpoints.get(directory);
        return startIsOver || known == null ? OpeningMarks.UNKNOWN : known.marksOf(name, leaderEpoch);
    }

    private AtomicInteger counts(LogDirectory directory) {
        var count = counts.get(directory);
        if (count == null) {
            throw new IllegalStateException(directory.path() + " is no log directory of this broker");
        }
        return count;
    }

    private void runAll(List<Runnable> tasks) {
        int threads = Math.min(tasks.size(), startIsOver ? THREADS_FOR_NEW : threadsAtStart());
        if (threads <= 1) {
            tasks.forEach(Runnable::run);
            return;
        }
        try (var executor = Executors.newFixedThreadPool(
                threads, Thread.ofPlatform().name("log-recovery-", 0).factory())) {
            for (var task : tasks.stream().map(executor::submit).toList()) {
                await(task);
            }
        }
    }

    private int threadsAtStart() {
        return Math.max(
                Runtime.getRuntime().availableProcessors(), settings.tasks().recoveryThreads() * directories.size());
    }

    /// Waits for one, and says now and then how it goes with all.
    private void await(Future<?> task) {
        while (true) {
            try {
                task.get(REPORT_SECONDS, TimeUnit.SECONDS);
                return;
            } catch (TimeoutException e) {
                report();
            } catch (ExecutionException e) {
                throw new IllegalStateException("Opening a partition failed: " + e.getCause(), e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("Interrupted while opening partitions", e);
            }
        }
    }

    private void report() {
        var reports = recoveries().values();
        long over = reports.stream()
                .filter(report -> report.state() == State.DONE || report.state() == State.FAILED)
                .count();
        log.info(
                "Opening logs: {} of {} are open, {} of {} MiB checked",
                over,
                reports.size(),
                mebibytes(reports, RecoveryReport::bytesChecked),
                mebibytes(reports, RecoveryReport::bytesToCheck));
    }

    private static long mebibytes(Collection<RecoveryReport> reports, ToLongFunction<RecoveryReport> bytes) {
        return reports.stream().mapToLong(bytes).sum() >> 20;
    }
}
