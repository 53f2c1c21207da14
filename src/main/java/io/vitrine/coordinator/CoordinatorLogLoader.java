package io.vitrine.coordinator;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.NotLeaderOrFollowerException;
import org.apache.kafka.coordinator.common.runtime.CoordinatorLoader;
import org.apache.kafka.coordinator.common.runtime.CoordinatorPlayback;
import org.apache.kafka.coordinator.common.runtime.CoordinatorRecord;

/// Loads what a coordinator knows from the partitions of its topic, some at a time, on threads that end when there is
/// nothing to load.
public final class CoordinatorLogLoader implements CoordinatorLoader<CoordinatorRecord> {
    private static final int THREADS = 2;

    private final CoordinatorTopic topic;
    private final RecordTap tap;
    private final int bufferBytes;
    private final ThreadPoolExecutor executor;
    private final Map<Integer, CoordinatorLogReplay> replays = new ConcurrentHashMap<>();

    /// @param threads what their names begin with
    /// @param bufferBytes how much of a log is read at once
    public CoordinatorLogLoader(CoordinatorTopic topic, RecordTap tap, String threads, int bufferBytes) {
        this.topic = topic;
        this.tap = tap;
        this.bufferBytes = bufferBytes;
        this.executor = new ThreadPoolExecutor(
                THREADS,
                THREADS,
                1,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                Thread.ofPlatform().name(threads, 0).daemon().factory());
        executor.allowCoreThreadTimeOut(true);
    }

    /// How each partition was loaded, or how far that has come; in order of the partitions.
    public List<CoordinatorLoad> progress() {
        return replays.values().stream()
                .map(CoordinatorLogReplay::progress)
                .sorted(Comparator.comparingInt(CoordinatorLoad::partition))
                .toList();
    }

    /// Was loading a partition given up?
    public boolean hasFailed(int partition) {
        var replay = replays.get(partition);
        return replay != null && replay.progress().state() == CoordinatorLoad.State.FAILED;
    }

    @Override
    public CompletableFuture<LoadSummary> load(
            TopicPartition partition, CoordinatorPlayback<CoordinatorRecord> coordinator) {
        var found = topic.findPartition(topic.index(partition));
        if (found.isEmpty()) {
            return CompletableFuture.failedFuture(new NotLeaderOrFollowerException(partition + " is not hosted here"));
        }
        var replay = new CoordinatorLogReplay(found.get(), coordinator, tap, bufferBytes, executor::isShutdown);
        replays.put(partition.partition(), replay);
        long askedMs = System.currentTimeMillis();
        try {
            return CompletableFuture.supplyAsync(() -> run(replay, askedMs), executor);
        } catch (RejectedExecutionException e) {
            return CompletableFuture.failedFuture(new NotLeaderOrFollowerException("the broker is stopping"));
        }
    }

    /// What is loading stops soon. It is not interrupted, because that would close the file it reads.
    @Override
    public void close() {
        executor.shutdown();
    }

    private static LoadSummary run(CoordinatorLogReplay replay, long askedMs) {
        long startMs = System.currentTimeMillis();
        replay.run();
        var loaded = replay.progress();
        return new LoadSummary(
                startMs, System.currentTimeMillis(), startMs - askedMs, loaded.records(), loaded.bytes());
    }
}
