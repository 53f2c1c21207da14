package io.vitrine.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.RunningBroker;
import io.vitrine.log.DirectoryTree;
import io.vitrine.metadata.Contents;
import io.vitrine.metadata.MetadataService;
import io.vitrine.metadata.MetadataSettings;
import io.vitrine.metadata.TopicPartition;
import io.vitrine.partition.LogCopies;
import io.vitrine.partition.LogCopy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A broker that was stopped by force in the middle of making a snapshot, or of going back to one.
class SnapshotCrashTests {
    @TempDir
    Path directory;

    /// A snapshot with ten records of which two were deleted, and since then five more records and another topic.
    @BeforeEach
    void prepare() throws Exception {
        try (var broker = RunningBroker.in(directory)) {
            broker.createTopic("orders", 2);
            produce(broker, "then", 10);
            var partitions = broker.broker().partitions();
            partitions
                    .recordDeletion()
                    .delete(List.of(new io.vitrine.partition.RecordDeletion.Wish(
                            partitions.find(new TopicPartition("orders", 1)).orElseThrow(), 2)));
            new Snapshots(broker.broker().metadata(), partitions).make("before");
            produce(broker, "since", 5);
            broker.createTopic("made-since", 1);
        }
    }

    @ParameterizedTest(name = "{0} of two logs had been moved")
    @ValueSource(ints = {0, 1, 2})
    void goingBackIsFinishedIfTheMetadataHasChanged(int moved) throws Exception {
        beginRestore(true, moved);

        assertIsAsThen();
        assertIsAsThen();
    }

    @Test
    void goingBackHasNotBegunIfTheMetadataHasNotChanged() throws Exception {
        beginRestore(false, 0);

        try (var broker = RunningBroker.in(directory)) {
            assertThat(topics(broker)).containsExactly("made-since", "orders");
            assertThat(values(broker)).hasSize(2 * 10 - 2 + 2 * 5);
            assertThat(files().restoring()).doesNotExist();
            new Snapshots(broker.broker().metadata(), broker.broker().partitions()).restore("before");
            assertThat(values(broker)).hasSize(2 * 10 - 2);
        }
    }

    @Test
    void whatWasBeingMadeOrDeletedIsNotThere() throws Exception {
        Files.createDirectories(files().making("half").resolve("logs"));
        Files.writeString(files().making("half").resolve("contents"), "half");
        Files.move(files().of("before"), files().deleting("before"));

        try (var broker = RunningBroker.in(directory)) {
            var snapshots =
                    new Snapshots(broker.broker().metadata(), broker.broker().partitions());

            assertThat(snapshots.list()).isEmpty();
            try (var left = Files.list(files().directory())) {
                assertThat(left).isEmpty();
            }
            assertThat(values(broker)).hasSize(2 * 10 - 2 + 2 * 5);
        }
    }

    private void assertIsAsThen() {
        try (var broker = RunningBroker.in(directory)) {
            assertThat(topics(broker)).containsExactly("orders");
            assertThat(values(broker)).hasSize(2 * 10 - 2).allMatch(value -> value.startsWith("then"));
            var marks = broker.broker()
                    .partitions()
                    .find(new TopicPartition("orders", 1))
                    .flatMap(io.vitrine.partition.Partition::findOffsets)
                    .orElseThrow();
            assertThat(marks.logStartOffset()).isEqualTo(2);
            assertThat(marks.logEndOffset()).isEqualTo(10);
            assertThat(files().restoring()).doesNotExist();
        }
    }

    /// Does what is done before the power goes.
    private void beginRestore(boolean committed, int moved) throws Exception {
        var manifest = SnapshotManifest.read(files().of("before"));
        var contents = Contents.read(files().of("before").resolve(SnapshotFiles.CONTENTS));
        var restoring = files().restoring();
        Files.createDirectories(restoring.resolve(SnapshotManifest.LOGS));
        var staged = new ArrayList<LogCopy>();
        for (var copy : manifest.logs()) {
            staged.add(LogCopies.stage(
                    copy,
                    restoring
                            .resolve(SnapshotManifest.LOGS)
                            .resolve(copy.partition().toString())));
        }
        try (var metadata = MetadataService.open(MetadataSettings.of(1, directory))) {
            var id = metadata.description().findDirectoryId(directory).orElseThrow();
            if (committed) {
                metadata.topicChanges()
                        .all()
                        .replaceBy(contents, id, offset -> new SnapshotManifest(0, offset, staged).write(restoring));
            } else {
                new SnapshotManifest(0, metadata.image().endOffset(), staged).write(restoring);
            }
        }
        for (var copy : staged.subList(0, moved)) {
            var live = directory.resolve(copy.partition().toString());
            DirectoryTree.delete(live);
            Files.move(copy.directory(), live);
            forget(copy.partition().toString());
        }
    }

    /// As when a log goes out of service.
    private void forget(String name) throws IOException {
        try (var logDirectory = io.vitrine.log.LogDirectory.open(directory)) {
            for (var which : io.vitrine.log.OffsetCheckpoint.values()) {
                var offsets = new java.util.HashMap<>(logDirectory.read(which));
                offsets.remove(name);
                logDirectory.checkpoint(which).write(offsets);
            }
        }
    }

    private SnapshotFiles files() {
        return SnapshotFiles.in(directory);
    }

    private static Set<String> topics(RunningBroker broker) {
        var names = new TreeSet<String>();
        broker.broker().metadata().image().topics().forEach(topic -> names.add(topic.name()));
        return names;
    }

    private static void produce(RunningBroker broker, String value, int count) throws Exception {
        try (var producer = new KafkaProducer<>(
                Map.<String, Object>of("bootstrap.servers", broker.bootstrapServers(), "linger.ms", "0"),
                new StringSerializer(),
                new StringSerializer())) {
            for (int i = 0; i < 2 * count; i++) {
                producer.send(new ProducerRecord<>("orders", i % 2, null, value + " " + i))
                        .get();
            }
        }
    }

    private static List<String> values(RunningBroker broker) {
        try (var consumer = new KafkaConsumer<>(
                Map.<String, Object>of("bootstrap.servers", broker.bootstrapServers()),
                new StringDeserializer(),
                new StringDeserializer())) {
            var partitions = List.of(
                    new org.apache.kafka.common.TopicPartition("orders", 0),
                    new org.apache.kafka.common.TopicPartition("orders", 1));
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            var ends = consumer.endOffsets(partitions);
            var values = new ArrayList<String>();
            while (partitions.stream().anyMatch(one -> consumer.position(one) < ends.getOrDefault(one, 0L))) {
                consumer.poll(Duration.ofMillis(50)).forEach(record -> values.add(record.value()));
            }
            return values;
        }
    }
}
