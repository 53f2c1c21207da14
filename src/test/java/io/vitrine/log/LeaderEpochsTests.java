package io.vitrine.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.server.util.KafkaScheduler;
import org.apache.kafka.storage.internals.checkpoint.LeaderEpochCheckpointFile;
import org.apache.kafka.storage.internals.epoch.LeaderEpochFileCache;
import org.apache.kafka.storage.internals.log.EpochEntry;
import org.apache.kafka.storage.internals.log.LogDirFailureChannel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

class LeaderEpochsTests {
    static final List<Long> SEEDS = List.of(1L, 2L, 3L, 4L, 5L);

    @TempDir
    Path directory;

    @ParameterizedTest(name = "seed {0}")
    @FieldSource("SEEDS")
    void answersWhatKafkasCacheAnswers(long seed) throws Exception {
        var random = new Random(seed);
        var scheduler = new KafkaScheduler(1);
        scheduler.startup();
        var kafka = new LeaderEpochFileCache(new TopicPartition("topic", 0), checkpoint(), scheduler);
        var ours = new LeaderEpochs();
        int epoch = 0;
        long offset = 0;
        for (int i = 0; i < 300; i++) {
            offset += random.nextInt(10);
            switch (random.nextInt(8)) {
                case 0 -> {
                    long end = Math.max(0, offset - random.nextInt(30));
                    kafka.truncateFromEndAsyncFlush(end);
                    ours.truncateFromEnd(end);
                    offset = end;
                }
                case 1 -> {
                    long start = Math.max(0, offset - random.nextInt(60));
                    kafka.truncateFromStartAsyncFlush(start);
                    ours.truncateFromStart(start);
                }
                default -> {
                    epoch += random.nextInt(3);
                    if (kafka.latestEpoch().orElse(-1) < epoch) {
                        kafka.assign(epoch, offset);
                        assertThat(ours.assign(epoch, offset)).isTrue();
                    } else {
                        assertThat(ours.assign(epoch, offset)).isFalse();
                    }
                }
            }
            assertSame(ours, kafka, epoch, offset);
        }
        scheduler.shutdown();
        Files.writeString(file(), ours.encode());
        assertThat(checkpoint().read().stream().map(LeaderEpochsTests::toOurs)).isEqualTo(ours.entries());
    }

    @Test
    void readsWhatKafkaWrites() throws IOException {
        checkpoint().write(List.of(new EpochEntry(0, 0), new EpochEntry(4, 10), new EpochEntry(5, 12)));

        var text = Files.readString(file());

        var epochs = LeaderEpochs.decode(text);
        assertThat(epochs.entries())
                .containsExactly(new LeaderEpochStart(0, 0), new LeaderEpochStart(4, 10), new LeaderEpochStart(5, 12));
        assertThat(epochs.encode()).isEqualTo(text);
        assertThat(LeaderEpochs.decode("").entries()).isEmpty();
        assertThat(LeaderEpochs.decode("0\n0\n").encode()).isEqualTo("0\n0\n");
    }

    @Test
    void tellsWhetherAnythingChanged() {
        var epochs = new LeaderEpochs();

        assertThat(epochs.assign(1, 0)).isTrue();
        assertThat(epochs.assign(1, 0)).isFalse();
        assertThat(epochs.assign(0, 5)).isFalse();
        assertThat(epochs.assign(3, 10)).isTrue();
        assertThat(epochs.truncateFromEnd(11)).isFalse();
        assertThat(epochs.truncateFromStart(0)).isFalse();
        assertThat(epochs.truncateFromStart(4)).isTrue();
        assertThat(epochs.truncateFromEnd(10)).isTrue();
        assertThat(epochs.entries()).containsExactly(new LeaderEpochStart(1, 4));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1\n0\n",
                "0\n",
                "0\n2\n1 5\n",
                "0\n1\n1 5\n2 6\n",
                "0\n1\n1 5",
                "0\n1\n1\n",
                "0\n1\n1 5 6\n",
                "0\n1\n-1 5\n",
                "0\n1\n1 -5\n",
                "0\n1\n9999999999 5\n",
                "0\n1\n1 9999999999999999999\n",
                "0\n2\n2 5\n2 6\n",
                "0\n2\n2 5\n3 4\n",
                "0\n2147483647\n"
            })
    void saysInWhichLineItIsDamaged(String text) {
        assertThatIOException()
                .isThrownBy(() -> LeaderEpochs.decode(text))
                .withMessageMatching("leader-epoch-checkpoint is damaged in line [1-4]: expected .*, found (?s:.*)");
    }

    /// As Apache Kafka answers after a restart: its leader notes its epoch at the end of the log at once.
    @ParameterizedTest
    @CsvSource({"-2, -2, 0", "-1, -1, -1", "0, 0, 5", "1, 0, 5", "2, 2, 5", "3, -1, -1"})
    void theEpochOfALeaderThatHasWrittenNothingBeginsAtTheEnd(int asked, int epoch, long endOffset) {
        var epochs = new LeaderEpochs();
        epochs.assign(0, 0);

        assertThat(epochs.endOffsetOf(asked, 2, 5)).isEqualTo(new EpochEnd(epoch, endOffset));
    }

    @ParameterizedTest
    @CsvSource({"-1, -1, -1", "0, 0, 0", "1, 1, 0", "2, 2, 0", "3, -1, -1"})
    void anEmptyLogHasTheEpochOfItsLeader(int asked, int epoch, long endOffset) {
        assertThat(new LeaderEpochs().endOffsetOf(asked, 2, 0)).isEqualTo(new EpochEnd(epoch, endOffset));
    }

    @Test
    void nothingThatLiesInTheFileMakesReadingItFail() {
        var text = "0\n2\n1 5\n12 16\n";
        var file = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));

        Damage.eachCut(file, cut -> assertThat(isSound(cut)).isEqualTo(cut.limit() == 0));
        Damage.eachFlip(file, LeaderEpochsTests::isSound);
    }

    private static boolean isSound(ByteBuffer file) {
        try {
            LeaderEpochs.decode(StandardCharsets.UTF_8.decode(file).toString());
            return true;
        } catch (IOException _) {
            return false;
        }
    }

    private static void assertSame(LeaderEpochs ours, LeaderEpochFileCache kafka, int epoch, long logEndOffset) {
        assertThat(ours.entries())
                .isEqualTo(kafka.epochEntries().stream()
                        .map(LeaderEpochsTests::toOurs)
                        .toList());
        for (int asked = -1; asked <= epoch + 1; asked++) {
            var expected = kafka.endOffsetFor(asked, logEndOffset);
            assertThat(ours.endOffsetOf(asked, -1, logEndOffset))
                    .isEqualTo(new EpochEnd(expected.getKey(), expected.getValue()));
        }
        for (long offset = 0; offset < logEndOffset; offset += 3) {
            assertThat(ours.epochOf(offset)).isEqualTo(kafka.epochForOffset(offset));
        }
    }

    private static LeaderEpochStart toOurs(EpochEntry entry) {
        return new LeaderEpochStart(entry.epoch(), entry.startOffset());
    }

    private LeaderEpochCheckpointFile checkpoint() throws IOException {
        return new LeaderEpochCheckpointFile(file().toFile(), new LogDirFailureChannel(1));
    }

    private Path file() {
        return directory.resolve(LeaderEpochs.FILE_NAME);
    }
}
