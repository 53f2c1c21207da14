package io.vitrine.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.image.MetadataImage;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The power fails before every single step on disk of a run in which topics are made, checkpoints written, segments
/// begun, and old ones deleted.
class CheckpointCrashTests {
    private static final int TOPICS = 3;

    @TempDir
    Path work;

    @ParameterizedTest(name = "what was not forced is lost: {0}")
    @ValueSource(booleans = {false, true})
    void everyAcknowledgedTopicIsThereWhereverThePowerFails(boolean losesUnforced) throws Exception {
        int steps = run("whole", Integer.MAX_VALUE).disk.steps();
        assertThat(steps).isGreaterThan(40);

        for (int step = 0; step < steps; step++) {
            var run = run(losesUnforced + "-" + step, step);
            if (losesUnforced) {
                run.disk.loseUnforced();
            }
            assertComplete(run, step);
        }
    }

    private record Run(Path logDir, CrashingDisk disk, List<String> acknowledged) {}

    private Run run(String name, int lastStep) throws Exception {
        var logDir = Files.createDirectories(work.resolve(name));
        var trash = Files.createDirectories(work.resolve(name + "-trash"));
        MetadataService.open(settings(logDir)).close();
        var disk = new CrashingDisk(trash, lastStep);
        var acknowledged = new ArrayList<String>();
        try (var metadata = MetadataService.open(settings(logDir), disk)) {
            for (int i = 0; i < TOPICS; i++) {
                metadata.createTopic("topic-" + i, 2, Map.of("retention.ms", "1000"));
                acknowledged.add("topic-" + i);
                metadata.upkeep().runOnce();
            }
        } catch (IOException e) {
            assertThat(disk.hasFailed()).as("%s", e).isTrue();
        }
        return new Run(logDir, disk, acknowledged);
    }

    private static void assertComplete(Run run, int step) throws Exception {
        try (var metadata = MetadataService.open(settings(run.logDir))) {
            var names = metadata.image().topics().stream().map(Topic::name).toList();
            assertThat(names).as("step %d", step).containsAll(run.acknowledged);
            assertThat(names.size()).isBetween(run.acknowledged.size(), run.acknowledged.size() + 1);
            assertThat(metadata.image().topics())
                    .allSatisfy(topic -> assertThat(topic.partitions()).hasSize(2));
            metadata.createTopic("after", 1, Map.of());
            metadata.upkeep().runOnce();
        }
        try (var metadata = MetadataService.open(settings(run.logDir))) {
            assertThat(metadata.image().findTopic("after")).as("step %d", step).isPresent();
            assertEveryCheckpointIsWhole(run.logDir);
        }
    }

    private static void assertEveryCheckpointIsWhole(Path logDir) throws Exception {
        try (var files = Files.list(logDir.resolve(MetadataLog.DIRECTORY_NAME))) {
            for (var checkpoint : Checkpoint.findAll(files.toList())) {
                checkpoint.replay(new MetadataReplay(MetadataImage.EMPTY), new ControlRecords());
            }
        }
    }

    /// A checkpoint after each change, segments of one or two changes, and nothing older than the newest checkpoint.
    private static MetadataSettings settings(Path logDir) {
        var log = new MetadataLogSettings(1, 0, 600, Long.MAX_VALUE, 0, -1);
        return new MetadataSettings(1, List.of(logDir), logDir, log);
    }
}
