package io.vitrine.partition;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.log.DiskFailure;
import io.vitrine.log.DiskOperation;
import io.vitrine.log.LogDirectory;
import io.vitrine.log.LogSettings;
import io.vitrine.log.ProcessDisk;
import io.vitrine.log.SimulatedDisk;
import io.vitrine.metadata.CreateTopicOutcome;
import io.vitrine.metadata.MetadataException;
import io.vitrine.metadata.MetadataService;
import io.vitrine.metadata.MetadataSettings;
import io.vitrine.metadata.TopicPartition;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.common.Uuid;

/// The life of a few topics, decided by a seed, whose logs lie on a [SimulatedDisk]: they are made, written to, deleted
/// and made again under the same names; the broker is killed and the power is cut, between two changes or within one.
/// What was answered holds, and a topic never has a record of another one that had its name before.
///
/// The metadata log lies on a disk that loses nothing, as each of its changes is forced before anything follows it.
final class TopicPowerCutScenario implements AutoCloseable {
    private static final int NODE_ID = 1;
    private static final List<String> NAMES = List.of("one", "two", "three");

    private final Random random;
    private final boolean failing;
    private final Path directory;
    private final SimulatedDisk disk;
    private final TopicRules rules;
    private final Map<String, TopicModel> models = new TreeMap<>();
    private final Set<Uuid> deleted = new HashSet<>();
    private final Set<String> used = new HashSet<>();
    private final MetadataService metadata;
    private ProcessDisk process;
    private LogDirectory logDirectory;
    private PartitionLogService service;
    private boolean refused;
    private int powerCuts;
    private int madeAgain;

    /// @param failing does the disk refuse now and then to make names durable?
    TopicPowerCutScenario(long seed, boolean failing, Path work) throws IOException, MetadataException {
        this.random = new Random(seed);
        this.failing = failing;
        this.directory = work.resolve("logs");
        this.disk = new SimulatedDisk(random.nextLong());
        var segments = new LogSettings.Segments(1 << random.nextInt(8, 14), Long.MAX_VALUE, 0, 200, 10_000);
        this.rules = TopicRules.KAFKA_DEFAULTS.withLog(LogSettings.DEFAULTS.withSegments(segments));
        this.metadata = MetadataService.open(MetadataSettings.of(NODE_ID, work.resolve("metadata")));
        disk.createDirectories(directory);
        for (var above = directory; above != null; above = above.getParent()) {
            disk.forceDirectory(above);
        }
        this.process = new ProcessDisk(disk);
        this.logDirectory = LogDirectory.open(directory, process.disk());
        this.service = start();
        metadata.topicChanges().prepare(change -> service.prepare(change));
        metadata.topicChanges().listen(change -> service.apply(change));
    }

    /// Goes on until the power has been cut so often.
    void run(int cuts) throws IOException {
        while (powerCuts < cuts) {
            step();
        }
    }

    int powerCuts() {
        return powerCuts;
    }

    /// How often a topic was made under a name that another one had had.
    int madeAgain() {
        return madeAgain;
    }

    @Override
    public void close() throws IOException {
        process.end();
        disk.kill();
        service.close();
        logDirectory.close();
        metadata.close();
    }

    private void step() throws IOException {
        var name = NAMES.get(random.nextInt(NAMES.size()));
        int what = random.nextInt(100);
        if (what < 50) {
            append(name);
        } else if (what < 70) {
            change(name);
        } else if (what < 74) {
            service.partitions().forEach(partition -> partition.storage().checkpoint());
        } else if (what < 80) {
            shorten(name);
        } else if (what < 84) {
            disk.faults().stopAfter(random.nextInt(12));
            change(name);
            restart(true);
        } else if (what < 88) {
            // A file system that has refused to make a name durable takes nothing more before the next boot.
            restart(refused);
        } else if (what < 92) {
            if (failing) {
                refused = true;
                disk.faults().failAfter(0, DiskOperation.FORCE_DIRECTORY, DiskFailure.IO_ERROR);
            }
            change(name);
            disk.faults().clear();
        } else {
            restart(true);
        }
    }

    /// Makes the topic if there is none, else deletes it.
    private void change(String name) throws IOException {
        var there = metadata.image().findTopic(name);
        if (there.isPresent()) {
            metadata.topicChanges().delete(List.of(there.get().id()));
            deleted.add(there.get().id());
            models.remove(name);
        } else {
            var made = metadata.createTopic(name, 1, Map.of());
            assertThat(made).isInstanceOf(CreateTopicOutcome.Created.class);
            models.put(
                    name,
                    new TopicModel(((CreateTopicOutcome.Created) made).topic().id()));
            madeAgain += used.add(name) ? 0 : 1;
        }
    }

    private void append(String name) {
        var model = models.get(name);
        if (model != null) {
            model.append(
                    find(name), random.nextBoolean() ? Durability.DISK : Durability.PAGE_CACHE, random.nextInt(300));
        }
    }

    private void shorten(String name) {
        var model = models.get(name);
        if (model != null && find(name).offlineReason().isEmpty()) {
            var partition = find(name);
            long end = partition.findOffsets().orElseThrow().logEndOffset();
            long start = random.nextLong(end + 1);
            service.deleteRecords(partition, start);
            model.startAt(start);
        }
    }

    /// The broker is killed, or the machine loses its power, and both come back.
    private void restart(boolean powerCut) throws IOException {
        disk.faults().clear();
        process.end();
        if (powerCut) {
            powerCuts++;
            disk.cutPower();
        } else {
            disk.kill();
        }
        service.close();
        logDirectory.close();
        process = new ProcessDisk(disk);
        logDirectory = LogDirectory.open(directory, process.disk());
        service = start();
        for (var name : List.copyOf(models.keySet())) {
            requireSurvivors(name, !powerCut);
        }
        refused = false;
        for (var name : NAMES) {
            assertThat(isLog(directory.resolve(name + "-0"))).isEqualTo(models.containsKey(name));
        }
    }

    private void requireSurvivors(String name, boolean all) throws IOException {
        var partition = find(name);
        var model = Objects.requireNonNull(models.get(name));
        if (refused && model.isEmpty() && partition.offlineReason().isPresent()) {
            // The directory of a former topic is back, and half of what said whose it is: somebody has to look.
            assertThat(partition.offlineReason().get()).contains("for a topic_id");
            change(name);
        } else {
            model.requireSurvivors(partition, all);
        }
    }

    /// A directory that has lost everything is left as it is.
    private boolean isLog(Path partition) throws IOException {
        return disk.exists(partition)
                && disk.list(partition).stream()
                        .anyMatch(name -> name.endsWith(".log") || name.equals("partition.metadata"));
    }

    private PartitionLogService start() throws IOException {
        var started = new PartitionLogService(
                PartitionSettings.of(NODE_ID, rules, true), List.of(logDirectory), Clock.systemUTC());
        logDirectory.markInUse();
        started.settle(metadata.image(), deleted::contains);
        started.apply(metadata.image());
        return started;
    }

    private Partition find(String topic) {
        return service.find(new TopicPartition(topic, 0)).orElseThrow();
    }
}
