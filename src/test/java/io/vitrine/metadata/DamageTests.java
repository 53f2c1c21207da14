package io.vitrine.metadata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.vitrine.record.RecordBatch;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.metadata.PartitionChangeRecord;
import org.apache.kafka.common.metadata.RemoveTopicRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class DamageTests {
    private static final Uuid OTHER_ID = new Uuid(1, 2);

    @TempDir
    Path logDir;

    @Test
    void aTornLastBatchIsIgnoredAndCutOffBeforeTheNextWriteWhereverItIsTorn() throws Exception {
        var log = LogBytes.fixture();
        var bytes = log.toByteArray();
        int last = log.positions().getLast();
        for (int length = last; length < bytes.length; length++) {
            var file = log.writeTo(logDir);
            var torn = Arrays.copyOf(bytes, length);
            Files.write(file, torn);

            try (var metadata = MetadataService.open(oneSegment())) {
                assertThat(metadata.image().topics()).isEmpty();
                assertThat(metadata.logEndOffset()).isEqualTo(2);
                assertThat(metadata.sizeInBytes()).isEqualTo(last);
                assertThat(Files.readAllBytes(file))
                        .as("reading changes nothing")
                        .isEqualTo(torn);
                metadata.createTopic("papaya", 1, Map.of());
            }
            try (var metadata = MetadataService.open(oneSegment())) {
                assertThat(metadata.image().topics()).extracting(Topic::name).containsExactly("papaya");
                assertThat(metadata.sizeInBytes()).isEqualTo(Files.size(file));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 11, 12, 61, 200, 100_000})
    void zerosToTheEndOfTheFileAreATornTail(int zeros) throws Exception {
        var file = LogBytes.fixture().raw(new byte[zeros]).writeTo(logDir);

        try (var metadata = MetadataService.open(oneSegment())) {
            assertThat(metadata.image().findTopic("mango")).isPresent();
            metadata.createTopic("papaya", 1, Map.of());
            assertThat(Files.size(file)).isEqualTo(metadata.sizeInBytes());
        }
    }

    @Test
    void zerosBeforeOtherBytesAreDamage() {
        LogBytes.fixture().raw(new byte[100]).raw(new byte[] {1}).writeTo(logDir);

        assertRefused(LogBytes.fixture().toByteArray().length, "batch format (magic) 0 instead of 2");
    }

    @Test
    void aFlippedByteIsDetectedUnlessNothingDependsOnIt() throws Exception {
        var log = LogBytes.fixture();
        var bytes = log.toByteArray();
        var file = log.writeTo(logDir);
        for (int at = 0; at < bytes.length; at++) {
            for (int mask : new int[] {0x01, 0x80}) {
                var flipped = bytes.clone();
                flipped[at] ^= (byte) mask;
                Files.write(file, flipped);

                var thrown = openAndCatch();

                if (!isHarmless(log, flipped, at)) {
                    assertThat(thrown).as("byte %d, mask %02x", at, mask).isInstanceOf(MetadataException.class);
                    assertThat(thrown).hasMessageStartingWith(file + ", byte ");
                    assertThat(positionIn(thrown)).isIn(log.positions());
                }
                assertThat(Files.readAllBytes(file)).isEqualTo(flipped);
            }
        }
    }

    // The offset and epoch of a batch lie outside its checksum. What follows gives most changes away: an offset of
    // the first batch is contradicted by the second one, an epoch of the last one only if it went down.
    private static boolean isHarmless(LogBytes log, byte[] flipped, int at) {
        int last = log.positions().getLast();
        boolean isLast = at >= last;
        int field = isLast ? at - last : at;
        boolean isEpoch = field >= RecordBatch.PARTITION_LEADER_EPOCH && field < RecordBatch.MAGIC;
        int epoch = RecordBatch.at(ByteBuffer.wrap(flipped), isLast ? last : 0).partitionLeaderEpoch();
        return isEpoch && (isLast ? epoch >= 1 : epoch == 0);
    }

    private static int positionIn(Throwable thrown) {
        var message = String.valueOf(thrown.getMessage());
        int from = message.indexOf(", byte ") + ", byte ".length();
        return Integer.parseInt(message.substring(from, message.indexOf(':', from)));
    }

    static Stream<Arguments> brokenLogs() {
        var first = LogBytes.feature("metadata.version", 20);
        return Stream.of(
                broken("PartitionRecord does not fit", log -> log.batch(first).batch(LogBytes.partition(OTHER_ID, 0))),
                broken(
                        "cannot be decoded: Could not",
                        log -> log.batch(first).batch(HexFormat.of().parseHex("000200"))),
                broken(
                        "cannot be decoded",
                        log -> log.batch(first).batch(HexFormat.of().parseHex("050200"))),
                broken(
                        "cannot be decoded",
                        log -> log.batch(first).batch(HexFormat.of().parseHex("01636300"))),
                broken("cannot be decoded", log -> log.batch(first).batch(new byte[0])),
                broken(
                        "cannot be decoded",
                        log -> log.batch(first).batch(Arrays.copyOf(LogBytes.topic("a", OTHER_ID), 9))),
                broken(
                        "cannot be decoded",
                        log -> log.batch(first).batch(Arrays.copyOf(LogBytes.topic("a", OTHER_ID), 40))),
                broken(
                        "base offset 1 where 2 comes next",
                        log -> log.batch(first).skipOffsets(-1).batch(first)),
                broken(
                        "base offset 3 where 2 comes next",
                        log -> log.batch(first).skipOffsets(1).batch(first)),
                broken(
                        "leader epoch 0 after epoch 1",
                        log -> log.batch(first).epoch(0).batch(first)),
                broken(
                        "FeatureLevelRecord does not fit",
                        log -> log.batch(first).batch(LogBytes.feature("metadata.version", 999))),
                broken(
                        "is there already",
                        log -> log.batch(first)
                                .batch(LogBytes.topic("a", OTHER_ID), LogBytes.topic("a", LogBytes.TOPIC_ID))),
                broken(
                        "is there already",
                        log -> log.batch(first).batch(LogBytes.topic("a", OTHER_ID), LogBytes.topic("b", OTHER_ID))),
                broken("has no id", log -> log.batch(first).batch(LogBytes.topic("a", Uuid.ZERO_UUID))),
                broken(
                        "has 1 partitions, but none with index 0",
                        log -> log.batch(first).batch(LogBytes.topic("a", OTHER_ID), LogBytes.partition(OTHER_ID, 1))),
                broken(
                        "partition -1 is negative",
                        log -> log.batch(first).batch(LogBytes.topic("a", OTHER_ID), LogBytes.partition(OTHER_ID, -1))),
                broken(
                        "RemoveTopicRecord does not fit",
                        log -> log.batch(first)
                                .batch(LogBytes.record(new RemoveTopicRecord().setTopicId(OTHER_ID), 0))),
                broken(
                        "PartitionChangeRecord does not fit",
                        log -> log.batch(first)
                                .batch(LogBytes.record(new PartitionChangeRecord().setTopicId(OTHER_ID), 0))));
    }

    @ParameterizedTest(name = "{0} ({index})")
    @MethodSource("brokenLogs")
    void aRecordThatCannotBeIsRefusedWithItsPlace(String reason, LogBytes log) throws Exception {
        var file = log.writeTo(logDir);

        var thrown = openAndCatch();

        assertThat(thrown)
                .isInstanceOf(MetadataException.class)
                .hasMessageStartingWith(file + ", byte ")
                .hasMessageContaining(reason);
        assertThat(positionIn(thrown)).isGreaterThanOrEqualTo(log.positions().getLast());
        assertThat(Files.readAllBytes(file)).isEqualTo(log.toByteArray());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "..",
                "../escape",
                "a/b",
                "/etc",
                "a b",
                "ümlaut",
                "a\u0000b",
                "a\nb",
                "__cluster_metadata"
            })
    void aTopicNameThatIsNoneIsRefused(String name) {
        var log = LogBytes.fixture().batch(LogBytes.topic(name, OTHER_ID), LogBytes.partition(OTHER_ID, 0));
        log.writeTo(logDir);

        var thrown = openAndCatch();

        assertThat(thrown).isInstanceOf(MetadataException.class).hasMessageNotContainingAny("\n", "\u0000");
        assertThat(positionIn(thrown)).isGreaterThan(log.positions().getLast());
    }

    @Test
    void theLongestTopicNameIsReadAndALongerOneIsRefused() throws Exception {
        LogBytes.fixture()
                .batch(LogBytes.topic("x".repeat(249), OTHER_ID), LogBytes.partition(OTHER_ID, 0))
                .writeTo(logDir);
        try (var metadata = MetadataService.open(MetadataSettings.of(1, logDir))) {
            assertThat(metadata.image().topics()).hasSize(2);
        }

        LogBytes.fixture().batch(LogBytes.topic("x".repeat(250), OTHER_ID)).writeTo(logDir);

        assertThat(openAndCatch()).hasMessageContaining("longer than the max allowed length 249");
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 1, 48, 104_857_601, Integer.MAX_VALUE})
    void aLengthThatCannotBeIsRefusedWithoutReadingSoMuch(int length) throws Exception {
        var log = LogBytes.fixture();
        var bytes = log.toByteArray();
        int last = log.positions().getLast();
        ByteBuffer.wrap(bytes).putInt(last + RecordBatch.BATCH_LENGTH, length);
        Files.write(log.writeTo(logDir), bytes);

        assertRefused(last, "batch length %d".formatted(length));
    }

    @Test
    void aLengthFieldThatHidesTheBatchesBehindItIsNotATornTail() throws Exception {
        var log = LogBytes.fixture();
        var bytes = log.toByteArray();
        ByteBuffer.wrap(bytes).putInt(RecordBatch.BATCH_LENGTH, 10_000);
        Files.write(log.writeTo(logDir), bytes);

        assertRefused(0, "batch length 10000 reaches beyond the end of the file, though what follows is whole");
    }

    @Test
    void onlyTheLastSegmentMayBeTorn() throws Exception {
        var log = LogBytes.fixture();
        var file = log.writeTo(logDir);
        Files.write(file, Arrays.copyOf(log.toByteArray(), log.toByteArray().length - 1));
        Files.write(file.resolveSibling("%020d.log".formatted(2)), new byte[0]);

        assertRefused(log.positions().getLast(), "the last batch is incomplete, but other segments follow");
    }

    @Test
    void aMissingSegmentIsNoticed() throws Exception {
        var file = LogBytes.fixture().writeTo(logDir);
        Files.write(file.resolveSibling("%020d.log".formatted(9)), new byte[0]);

        assertThat(openAndCatch()).hasMessageContaining("the segment before it ends at offset 5");

        Files.delete(file);
        assertThat(openAndCatch()).hasMessageContaining("the records before offset 9 are in no checkpoint");
    }

    /// The log in these tests is years old, which would have the first append begin a new segment.
    private MetadataSettings oneSegment() {
        var log = new MetadataLogSettings(Long.MAX_VALUE, 0, Long.MAX_VALUE, Long.MAX_VALUE, -1, -1);
        return new MetadataSettings(1, List.of(logDir), logDir, log);
    }

    private void assertRefused(int position, String reason) {
        assertThatThrownBy(() -> MetadataService.open(MetadataSettings.of(1, logDir)))
                .isInstanceOf(MetadataException.class)
                .hasMessageContaining("%s, byte %d: ", LogBytes.SEGMENT, position)
                .hasMessageContaining(reason);
    }

    private Throwable openAndCatch() {
        return catchThrowableOfType(
                Throwable.class,
                () -> MetadataService.open(MetadataSettings.of(1, logDir)).close());
    }

    private static Arguments broken(String reason, Consumer<LogBytes> content) {
        var log = LogBytes.from(1);
        content.accept(log);
        return Arguments.of(reason, log);
    }
}
