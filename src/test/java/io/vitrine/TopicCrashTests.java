package io.vitrine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vitrine.metadata.TopicPartition;
import io.vitrine.partition.AppendOutcome;
import io.vitrine.partition.Durability;
import io.vitrine.partition.RecordDeletion;
import io.vitrine.record.Batches;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a start makes of topics whose creation or deletion did not come to its end. The states in between are put
/// together from what the directory was before and after.
class TopicCrashTests {
    private static final int PARTITIONS = 3;

    @TempDir
    Path work;

    @ParameterizedTest(name = "{0} directories renamed")
    @ValueSource(ints = {0, 1, 2, 3})
    void aDeletionThatIsInTheMetadataLogGoesOn(int renamed) throws Exception {
        var before = work.resolve("before");
        try (var broker = RunningBroker.in(before)) {
            broker.createTopic("orders", PARTITIONS);
            broker.createTopic("kept", 1);
            for (int partition = 0; partition < PARTITIONS; partition++) {
                append(broker, "orders", partition);
                append(broker, "orders", partition);
            }
            append(broker, "kept", 0);
            var first = broker.broker()
                    .partitions()
                    .find(new TopicPartition("orders", 0))
                    .orElseThrow();
            broker.broker().partitions().recordDeletion().delete(List.of(new RecordDeletion.Wish(first, 1)));
        }
        var crashed = copy(before, "crashed");
        try (var broker = RunningBroker.in(crashed)) {
            delete(broker, "orders");
        }
        restoreDeleted(before, crashed, renamed);

        try (var broker = RunningBroker.in(crashed)) {
            assertThat(broker.broker().metadata().image().findTopic("orders")).isEmpty();
            await().untilAsserted(() -> assertThat(namesOf(crashed, "orders")).isEmpty());
            assertThat(append(broker, "kept", 0)).isEqualTo(1);
            broker.createTopic("orders", PARTITIONS);
            for (int partition = 0; partition < PARTITIONS; partition++) {
                assertThat(append(broker, "orders", partition)).isZero();
            }
        }
    }

    /// As if the process had ended before all but `renamed` directories were renamed, and before any checkpoint was
    /// written.
    private static void restoreDeleted(Path before, Path crashed, int renamed) throws IOException {
        for (int partition = renamed; partition < PARTITIONS; partition++) {
            for (var name : namesOf(crashed, "orders-%d.".formatted(partition))) {
                deleteAll(crashed.resolve(name));
            }
            copyAll(before.resolve("orders-" + partition), crashed.resolve("orders-" + partition));
        }
        for (var checkpoint : namesOf(before, "")) {
            if (checkpoint.endsWith("-checkpoint")) {
                Files.copy(
                        before.resolve(checkpoint), crashed.resolve(checkpoint), StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"nothing", "a directory", "an empty file", "a file beside", "everything"})
    void aCreationThatIsInTheMetadataLogIsFinished(String made) throws Exception {
        var directory = work.resolve("data");
        try (var broker = RunningBroker.in(directory)) {
            broker.createTopic("orders", PARTITIONS);
        }
        for (int partition = 0; partition < PARTITIONS && !made.equals("everything"); partition++) {
            leaveHalfMade(directory.resolve("orders-" + partition), made);
        }

        try (var broker = RunningBroker.in(directory)) {
            for (int partition = 0; partition < PARTITIONS; partition++) {
                assertThat(append(broker, "orders", partition)).isZero();
            }
            assertThat(namesOf(directory, "orders")).containsExactlyInAnyOrder("orders-0", "orders-1", "orders-2");
        }
    }

    private static void leaveHalfMade(Path partition, String made) throws IOException {
        deleteAll(partition);
        if (made.equals("nothing")) {
            return;
        }
        Files.createDirectories(partition);
        if (made.equals("an empty file")) {
            Files.createFile(partition.resolve("partition.metadata"));
        } else if (made.equals("a file beside")) {
            Files.writeString(partition.resolve("partition.metadata.tmp"), "version: 0\ntopic_");
        }
    }

    @Test
    void whatBelongsToNoTopicIsKeptAndNotServed() throws Exception {
        var directory = work.resolve("data");
        try (var broker = RunningBroker.in(directory)) {
            broker.createTopic("orders", 1);
            append(broker, "orders", 0);
        }
        var unique = "0123456789abcdef0123456789abcdef";
        makeLog(directory.resolve("unknown-0"));
        makeLog(directory.resolve("half-moved-0.%s-future".formatted(unique)));
        makeLog(directory.resolve("stray-0.%s-stray".formatted(unique)));
        makeLog(directory.resolve("deleted-0.%s-delete".formatted(unique)));
        makeLog(directory.resolve("orders-7"));
        Files.createDirectories(directory.resolve("not-a-log-3"));

        try (var broker = RunningBroker.in(directory)) {
            await().untilAsserted(
                            () -> assertThat(namesOf(directory, "deleted")).isEmpty());
            assertThat(broker.broker().partitions().partitions())
                    .extracting(partition -> partition.name().toString())
                    .containsExactly("orders-0");
            assertThat(broker.broker().partitions().removed().strays())
                    .allSatisfy(stray -> assertThat(stray.resolve("00000000000000000000.log"))
                            .hasContent("somebody's"))
                    .extracting(stray -> stray.getFileName().toString())
                    .allMatch(name -> name.matches("(unknown-0|half-moved-0|stray-0|orders-7)\\.[0-9a-f]{32}-stray"))
                    .hasSize(4);
            assertThat(directory.resolve("not-a-log-3")).isDirectory();
            assertThat(append(broker, "orders", 0)).isEqualTo(1);
        }
    }

    private static void makeLog(Path directory) throws IOException {
        Files.createDirectories(directory);
        Files.writeString(
                directory.resolve("partition.metadata"), "version: 0\ntopic_id: %s\n".formatted(Uuid.randomUuid()));
        Files.writeString(directory.resolve("00000000000000000000.log"), "somebody's");
    }

    @Test
    void aTopicThatWasMadeAgainIsNotServedFromTheFormerDirectory() throws Exception {
        var before = work.resolve("before");
        try (var broker = RunningBroker.in(before)) {
            broker.createTopic("orders", 1);
            append(broker, "orders", 0);
            append(broker, "orders", 0);
        }
        var again = copy(before, "again");
        try (var broker = RunningBroker.in(again)) {
            delete(broker, "orders");
            broker.createTopic("orders", 1);
        }
        deleteAll(again.resolve("orders-0"));
        copyAll(before.resolve("orders-0"), again.resolve("orders-0"));

        try (var broker = RunningBroker.in(again)) {
            assertThat(append(broker, "orders", 0)).isZero();
        }
    }

    static long append(RunningBroker broker, String topic, int partition) {
        var outcome = broker.broker()
                .partitions()
                .find(new TopicPartition(topic, partition))
                .orElseThrow()
                .append(Batches.of("value"), Durability.DISK, true)
                .join();
        return ((AppendOutcome.Appended) outcome).baseOffset();
    }

    private static void delete(RunningBroker broker, String topic) throws IOException {
        var metadata = broker.broker().metadata();
        var id = metadata.image().findTopic(topic).orElseThrow().id();
        metadata.topicChanges().delete(List.of(id));
    }

    private Path copy(Path from, String name) throws IOException {
        var target = work.resolve(name);
        copyAll(from, target);
        return target;
    }

    private static void copyAll(Path from, Path to) throws IOException {
        try (var paths = Files.walk(from)) {
            for (var path : paths.toList()) {
                Files.copy(path, to.resolve(from.relativize(path)));
            }
        }
    }

    private static void deleteAll(Path directory) throws IOException {
        try (var paths = Files.walk(directory)) {
            for (var path : paths.toList().reversed()) {
                Files.delete(path);
            }
        }
    }

    private static List<String> namesOf(Path directory, String beginning) throws IOException {
        try (var entries = Files.list(directory)) {
            return entries.map(entry -> entry.getFileName().toString())
                    .filter(name -> name.startsWith(beginning))
                    .toList();
        }
    }
}
