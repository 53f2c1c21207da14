package io.vitrine.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.storage.internals.checkpoint.OffsetCheckpointFile;
import org.apache.kafka.storage.internals.log.LogDirFailureChannel;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CheckpointFileTests {
    private static final Map<String, Long> OFFSETS =
            Map.of("topic-0", 5L, "topic-11", 0L, "a.topic-with_dashes-3", Long.MAX_VALUE);

    @TempDir
    Path directory;

    private Path path;
    private CheckpointFile file;

    @BeforeEach
    void name() {
        path = directory.resolve("recovery-point-offset-checkpoint");
        file = new CheckpointFile(new LocalDisk(), path);
    }

    @Test
    void kafkaReadsWhatWeWrite() throws IOException {
        file.write(OFFSETS);

        assertThat(kafka().read())
                .isEqualTo(Map.of(
                        new TopicPartition("topic", 0),
                        5L,
                        new TopicPartition("topic", 11),
                        0L,
                        new TopicPartition("a.topic-with_dashes", 3),
                        Long.MAX_VALUE));
        assertThat(directory).isDirectoryContaining("glob:**checkpoint").isDirectoryNotContaining("glob:**.tmp");
    }

    @Test
    void readsWhatKafkaWrites() throws IOException {
        kafka().write(Map.of(new TopicPartition("a-topic", 0), 5L, new TopicPartition("__offsets", 1), 7L));

        assertThat(file.read()).isEqualTo(Map.of("a-topic-0", 5L, "__offsets-1", 7L));
    }

    @Test
    void thereMayBeNothing() throws IOException {
        assertThat(file.read()).isEmpty();
        assertThat(path).doesNotExist();

        kafka();
        assertThat(path).isEmptyFile();
        assertThat(file.read()).isEmpty();

        file.write(Map.of());
        assertThat(path).hasContent("0\n0\n");
        assertThat(file.read()).isEmpty();
    }

    @Test
    void takesThePlaceOfALongerOneAndOfWhatACrashLeft() throws IOException {
        file.write(OFFSETS);
        Files.writeString(directory.resolve("recovery-point-offset-checkpoint.tmp"), "x".repeat(1000));

        file.write(Map.of("topic-0", 6L));

        assertThat(path).hasContent("0\n1\ntopic 0 6\n");
        assertThat(file.read()).isEqualTo(Map.of("topic-0", 6L));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1\n0\n",
                "0\n",
                "0\n2\ntopic 0 5\n",
                "0\n0\ntopic 0 5\n",
                "0\n1\ntopic 0 5",
                "0\n1\ntopic 0\n",
                "0\n1\ntopic zero 5\n",
                "0\n1\ntopic 0 -5\n",
                "0\n1\ntopic 9999999999 5\n",
                "0\n1\ntopic 0 9999999999999999999\n",
                "0\n1\nto/pic 0 5\n",
                "0\n2\ntopic 0 5\ntopic 0 6\n",
                "0\n2147483647\n",
                "\0\0\0\0"
            })
    void saysWhereItIsDamaged(String text) throws IOException {
        Files.writeString(path, text);

        assertThatIOException()
                .isThrownBy(file::read)
                .withMessageMatching(
                        ".*recovery-point-offset-checkpoint is damaged in line [1-4]: " + "expected .*, found (?s:.*)");
    }

    @Test
    void nothingThatLiesInTheFileMakesReadingItFail() throws IOException {
        file.write(OFFSETS);
        var sound = SmallFile.read(new LocalDisk(), path, 1000);

        Damage.eachCut(sound, cut -> assertThat(isSound(cut)).isEqualTo(cut.limit() == 0));
        Damage.eachFlip(sound, this::isSound);
    }

    @ParameterizedTest
    @ValueSource(strings = {"topic", "topic-", "-1", "to pic-1", "topic-0.1234-delete"})
    void refusesWhatIsNoPartitionsDirectory(String name) {
        assertThatIllegalArgumentException().isThrownBy(() -> file.write(Map.of(name, 5L)));
    }

    private boolean isSound(ByteBuffer bytes) throws IOException {
        SmallFile.write(new LocalDisk(), path, bytes);
        try {
            file.read();
            return true;
        } catch (IOException _) {
            return false;
        }
    }

    private OffsetCheckpointFile kafka() throws IOException {
        return new OffsetCheckpointFile(path.toFile(), new LogDirFailureChannel(1));
    }
}
