package io.vitrine.partition;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.log.DiskFailure;
import io.vitrine.log.DiskOperation;
import io.vitrine.log.LogDirectory;
import io.vitrine.log.LogSettings;
import io.vitrine.log.SimulatedDisk;
import io.vitrine.metadata.MetadataService;
import io.vitrine.metadata.MetadataSettings;
import io.vitrine.metadata.TopicPartition;
import io.vitrine.record.Batches;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Who is told what happens to a partition, and how often.
class PartitionWatchersTests {
    private final PartitionWatchers watchers = new PartitionWatchers();
    private final Queue<Runnable> tasks = new ArrayDeque<>();
    private final List<String> heard = new ArrayList<>();
    private final PartitionWatcher watcher = (bytes, changed) -> heard.add(bytes + (changed ? " changed" : ""));

    @TempDir
    Path directory;

    @Test
    void whatHappensBeforeAnExecutorHasTimeIsToldAtOnce() {
        watchers.add(watcher, tasks::add);
        Executor same = tasks::add;
        watchers.add((_, _) -> heard.add("other executor"), same);

        watchers.appended(10, false);
        watchers.appended(20, false);
        watchers.changed();
        assertThat(tasks).as("one for each executor").hasSize(2);
        runAll();
        watchers.appended(5, false);
        runAll();

        assertThat(heard).containsExactly("30 changed", "other executor", "5", "other executor");
        assertThat(watchers.eventCount()).isEqualTo(4);
    }

    @Test
    void manyOnOneExecutorAreOneTask() {
        Executor one = tasks::add;
        for (int i = 0; i < 1000; i++) {
            watchers.add((_, _) -> heard.add("called"), one);
        }

        watchers.appended(1, false);

        assertThat(tasks).hasSize(1);
        runAll();
        assertThat(heard).hasSize(1000);
        assertThat(watchers.count()).isEqualTo(1000);
    }

    @Test
    void whoIsRemovedHearsNoMoreAndCostsNoTask() {
        watchers.add(watcher, tasks::add);
        watchers.remove(watcher);

        watchers.appended(1, false);

        assertThat(tasks).isEmpty();
        assertThat(watchers.count()).isZero();
    }

    @Test
    void whoWatchesOnAnExecutorThatHasEndedIsForgotten() {
        watchers.add(watcher, _ -> {
            throw new RejectedExecutionException("ended");
        });

        watchers.appended(1, false);
        watchers.appended(1, false);

        assertThat(watchers.count()).isZero();
        assertThat(watchers.eventCount()).isEqualTo(2);
    }

    @Test
    void aPartitionTellsOfItsEpochItsLogStartAndItsEnd() throws Exception {
        try (var logDirectory = LogDirectory.open(directory);
                var metadata = MetadataService.open(MetadataSettings.of(1, directory));
                var service = new PartitionLogService(
                        PartitionSettings.of(1, TopicRules.KAFKA_DEFAULTS, false),
                        List.of(logDirectory),
                        Clock.systemUTC())) {
            var before = metadata.image();
            metadata.createTopic("orders", 1, Map.of());
            service.apply(metadata.image());
            var partition = service.find(new TopicPartition("orders", 0)).orElseThrow();
            partition.append(Batches.of("a"), Durability.PAGE_CACHE, true).join();
            partition.watchers().add(watcher, Runnable::run);

            service.apply(metadata.image());
            service.deleteRecords(partition, 0);
            assertThat(heard).as("nothing has changed").isEmpty();

            service.deleteRecords(partition, 1);
            assertThat(heard).containsExactly("0 changed");
            partition.configure(
                    TopicRules.KAFKA_DEFAULTS.batchRules(Map.of()), LogSettings.DEFAULTS, partition.leaderEpoch() + 1);
            assertThat(heard).hasSize(2);
            service.apply(before);
            assertThat(heard).as("its topic exists no more").hasSize(3);
        }
    }

    @Test
    void aPartitionTellsWhenItsDiskFails() throws Exception {
        var disk = new SimulatedDisk(1);
        try (var logDirectory = LogDirectory.open(directory);
                var orders = new SimulatedPartition(disk, logDirectory, "orders", LogSettings.DEFAULTS)) {
            orders.append(10);
            orders.partition().watchers().add(watcher, Runnable::run);
            disk.faults().failAfter(0, DiskOperation.FORCE, DiskFailure.IO_ERROR);

            orders.append(10);

            assertThat(orders.partition().offlineReason()).isPresent();
            assertThat(heard).last().isEqualTo("0 changed");
        }
    }

    private void runAll() {
        while (!tasks.isEmpty()) {
            tasks.remove().run();
        }
    }
}
