package io.vitrine.record;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.record.Refusal.Reason;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;

class BatchCheckTests {
    private static final long NOW = Batches.TIMESTAMP + 1000;
    private static final BatchRules RULES =
            new BatchRules(1_048_588, false, Long.MAX_VALUE, 3_600_000, false, 1_000_000, StoredCompression.AS_SENT);
    static final List<Long> SEEDS = List.of(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L);

    @ParameterizedTest(name = "seed {0}")
    @FieldSource("SEEDS")
    void acceptsWhateverKafkasClientBuilds(long seed) {
        var random = new Random(seed);
        for (int round = 0; round < 50; round++) {
            var codec = Codec.find(random.nextInt(5)).orElseThrow();
            var records = randomRecords(random);

            var verdict = check(Batches.of(codec, records));

            long greatest =
                    Stream.of(records).mapToLong(SimpleRecord::timestamp).max().orElseThrow();
            assertThat(verdict).isInstanceOfSatisfying(BatchVerdict.Sound.class, sound -> {
                assertThat(sound.maxTimestamp()).isEqualTo(greatest);
                assertThat(sound.batch().recordCount()).isEqualTo(records.length);
            });
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @FieldSource("SEEDS")
    void anyChangedByteIsRefusedOrOutsideTheChecksum(long seed) {
        var random = new Random(seed);
        var codec = Codec.find((int) seed % 5).orElseThrow();
        var sound = Batches.of(codec, "one", "two", "three");

        for (int i = 0; i < sound.limit(); i++) {
            var bytes = copy(sound);
            bytes.put(i, (byte) (bytes.get(i) ^ (1 << random.nextInt(8))));

            if (i < RecordBatch.PARTITION_LEADER_EPOCH || i >= RecordBatch.MAGIC) {
                assertThat(check(bytes)).as("byte %d", i).isInstanceOf(BatchVerdict.Unsound.class);
            }
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @FieldSource("SEEDS")
    void noiseBehindAValidChecksumIsRefusedWithoutAnException(long seed) {
        var random = new Random(seed);
        for (int round = 0; round < 500; round++) {
            var bytes = Batches.of(Codec.find(round % 5).orElseThrow(), "a value", "another value");
            for (int change = 0; change < 1 + random.nextInt(4); change++) {
                int at = RecordBatch.RECORDS + random.nextInt(bytes.limit() - RecordBatch.RECORDS);
                bytes.put(at, (byte) random.nextInt(256));
            }

            var verdict = check(Batches.withCrc(bytes));

            assertThat(verdict).isNotNull();
        }
    }

    static Stream<Arguments> defects() {
        return Stream.of(
                defect(Reason.BATCH_LENGTH, bytes -> bytes.putInt(RecordBatch.BATCH_LENGTH, 13)),
                defect(Reason.BATCH_LENGTH, bytes -> bytes.putInt(RecordBatch.BATCH_LENGTH, -1)),
                defect(Reason.NO_BATCH, bytes -> bytes.putInt(RecordBatch.BATCH_LENGTH, Integer.MAX_VALUE)),
                defect(Reason.NO_BATCH, bytes -> bytes.limit(bytes.limit() - 1)),
                defect(Reason.NO_BATCH, bytes -> bytes.limit(0)),
                defect(Reason.MAGIC, bytes -> bytes.put(RecordBatch.MAGIC, (byte) 0)),
                defect(Reason.MAGIC, bytes -> bytes.put(RecordBatch.MAGIC, (byte) 1)),
                defect(Reason.BATCH_LENGTH, bytes -> bytes.put(RecordBatch.MAGIC, (byte) 3)),
                defect(Reason.BASE_OFFSET, bytes -> bytes.putLong(RecordBatch.BASE_OFFSET, 1)),
                defect(Reason.CRC, bytes -> bytes.putInt(RecordBatch.CRC, 1)),
                signed(Reason.CONTROL_BATCH, bytes -> bytes.putShort(RecordBatch.ATTRIBUTES, (short) 0x20)),
                signed(Reason.CODEC, bytes -> bytes.putShort(RecordBatch.ATTRIBUTES, (short) 5)),
                signed(Reason.MALFORMED_RECORD, bytes -> bytes.putShort(RecordBatch.ATTRIBUTES, (short) 1)),
                signed(Reason.MALFORMED_RECORD, bytes -> bytes.putShort(RecordBatch.ATTRIBUTES, (short) 2)),
                signed(Reason.MALFORMED_RECORD, bytes -> bytes.putShort(RecordBatch.ATTRIBUTES, (short) 3)),
                signed(Reason.MALFORMED_RECORD, bytes -> bytes.putShort(RecordBatch.ATTRIBUTES, (short) 4)),
                signed(Reason.RECORD_COUNT, bytes -> bytes.putInt(RecordBatch.RECORD_COUNT, 3)),
                signed(Reason.RECORD_COUNT, bytes -> bytes.putInt(RecordBatch.LAST_OFFSET_DELTA, -1)),
                signed(
                        Reason.RECORD_COUNT,
                        bytes -> bytes.putInt(RecordBatch.LAST_OFFSET_DELTA, 2).putInt(RecordBatch.RECORD_COUNT, 3)),
                signed(
                        Reason.RECORD_COUNT,
                        bytes -> bytes.putInt(RecordBatch.LAST_OFFSET_DELTA, 0).putInt(RecordBatch.RECORD_COUNT, 1)),
                signed(
                        Reason.RECORD_COUNT,
                        bytes -> bytes.putInt(RecordBatch.LAST_OFFSET_DELTA, Integer.MAX_VALUE)
                                .putInt(RecordBatch.RECORD_COUNT, Integer.MIN_VALUE)),
                signed(Reason.SEQUENCE, bytes -> bytes.putLong(RecordBatch.PRODUCER_ID, 5)),
                signed(Reason.TIMESTAMP, bytes -> bytes.putLong(RecordBatch.BASE_TIMESTAMP, NOW + 3_600_001)));
    }

    @ParameterizedTest(name = "{0} #{index}")
    @MethodSource("defects")
    void namesTheCheckThatFailed(Reason reason, Consumer<ByteBuffer> change) {
        var bytes = Batches.of("one", "two");
        change.accept(bytes);

        var verdict = check(bytes);

        assertThat(verdict).isInstanceOfSatisfying(BatchVerdict.Unsound.class, unsound -> {
            assertThat(unsound.refusal().reason()).isEqualTo(reason);
            assertThat(unsound.refusal().message()).contains("expected", "found");
        });
    }

    @Test
    void nullRecordsAreRefused() {
        assertThat(reasonOf(check(null))).isEqualTo(Reason.NULL_RECORDS);
    }

    @Test
    void aSecondBatchIsRefusedAndTrailingBytesAreNot() {
        var one = Batches.of("one");

        var two = ByteBuffer.allocate(2 * one.limit())
                .put(copy(one))
                .put(copy(one))
                .flip();
        var tail = ByteBuffer.allocate(one.limit() + 5)
                .put(copy(one))
                .position(one.limit() + 5)
                .flip();

        assertThat(reasonOf(check(two))).isEqualTo(Reason.SEVERAL_BATCHES);
        assertThat(check(tail)).isInstanceOf(BatchVerdict.Sound.class);
    }

    @Test
    void aBatchLargerThanTheTopicAllowsIsRefused() {
        var rules = new BatchRules(100, false, Long.MAX_VALUE, 3_600_000, false, 1_000_000, StoredCompression.AS_SENT);

        var verdict = new BatchCheck(rules).check(Batches.of("x".repeat(100)), true, NOW);

        assertThat(reasonOf(verdict)).isEqualTo(Reason.TOO_LARGE);
    }

    @Test
    void aCompactedTopicNeedsKeys() {
        var rules =
                new BatchRules(1_048_588, false, Long.MAX_VALUE, 3_600_000, true, 1_000_000, StoredCompression.AS_SENT);

        var verdict = new BatchCheck(rules).check(Batches.of("no key"), true, NOW);

        assertThat(reasonOf(verdict)).isEqualTo(Reason.MISSING_KEY);
    }

    @ParameterizedTest
    @EnumSource(value = Codec.class, names = "NONE", mode = EnumSource.Mode.EXCLUDE)
    void aBatchThatUnpacksToTooMuchIsRefusedBeforeItIsUnpacked(Codec codec) {
        var bomb = Batches.of(codec, "0".repeat(50_000_000));

        var verdict = check(bomb);

        assertThat(bomb.limit()).isLessThan(3_000_000);
        assertThat(reasonOf(verdict)).isIn(Reason.MALFORMED_RECORD, Reason.TOO_LARGE);
    }

    @Test
    void aFewKilobytesMayNotUnpackToTensOfMegabytes() {
        var generous = new BatchRules(
                1_048_588, false, Long.MAX_VALUE, 3_600_000, false, 100 * 1024 * 1024, StoredCompression.AS_SENT);
        var dense = Batches.of(Codec.ZSTD, "0".repeat(40_000_000));
        var harmless = Batches.of(Codec.ZSTD, "0".repeat(10_000_000));

        assertThat(dense.limit()).isLessThan(8_000);
        assertThat(reasonOf(new BatchCheck(generous).check(dense, true, NOW))).isEqualTo(Reason.MALFORMED_RECORD);
        assertThat(new BatchCheck(generous).check(harmless, true, NOW)).isInstanceOf(BatchVerdict.Sound.class);
    }

    @Test
    void aSnappyChunkThatClaimsMoreThanThereIsIsRefused() {
        var bytes = Batches.of(Codec.SNAPPY, "a value that is long enough to be worth compressing, compressing");
        bytes.putInt(RecordBatch.RECORDS + 16, Integer.MAX_VALUE);

        assertThat(reasonOf(check(Batches.withCrc(bytes)))).isEqualTo(Reason.MALFORMED_RECORD);
    }

    @Test
    void onlyTheBrokerMaySetTimestampsWhereItDoes() {
        var brokersClock =
                new BatchRules(1_048_588, true, Long.MAX_VALUE, 3_600_000, false, 1_000_000, StoredCompression.AS_SENT);
        var bytes = Batches.of("one");
        bytes.putShort(RecordBatch.ATTRIBUTES, (short) 0x08);

        // Kafka takes the bit as it comes where the client's timestamps count.
        assertThat(check(Batches.withCrc(bytes))).isInstanceOf(BatchVerdict.Sound.class);
        assertThat(reasonOf(new BatchCheck(brokersClock).check(bytes, true, NOW)))
                .isEqualTo(Reason.TIMESTAMP);
    }

    @Test
    void zstdNeedsANewerRequest() {
        var verdict = new BatchCheck(RULES).check(Batches.of(Codec.ZSTD, "value"), false, NOW);

        assertThat(reasonOf(verdict)).isEqualTo(Reason.CODEC);
    }

    private static BatchVerdict check(@Nullable ByteBuffer bytes) {
        return new BatchCheck(RULES).check(bytes, true, NOW);
    }

    private static @Nullable Reason reasonOf(BatchVerdict verdict) {
        return verdict instanceof BatchVerdict.Unsound(Refusal refusal) ? refusal.reason() : null;
    }

    private static Arguments defect(Reason reason, Consumer<ByteBuffer> change) {
        return Arguments.of(reason, change);
    }

    /// The client itself has computed the checksum over what is wrong.
    private static Arguments signed(Reason reason, Consumer<ByteBuffer> change) {
        return Arguments.of(reason, change.andThen(Batches::withCrc));
    }

    private static ByteBuffer copy(ByteBuffer bytes) {
        return ByteBuffer.allocate(bytes.limit()).put(bytes.duplicate()).flip();
    }

    private static SimpleRecord[] randomRecords(Random random) {
        return IntStream.range(0, 1 + random.nextInt(20))
                .mapToObj(_ -> new SimpleRecord(
                        Batches.TIMESTAMP + random.nextInt(1000),
                        randomBytes(random),
                        randomBytes(random),
                        IntStream.range(0, random.nextInt(3))
                                .mapToObj(i -> new RecordHeader("header-" + i, randomBytes(random)))
                                .toArray(Header[]::new)))
                .toArray(SimpleRecord[]::new);
    }

    private static byte @Nullable [] randomBytes(Random random) {
        if (random.nextInt(4) == 0) {
            return null;
        }
        var bytes = new byte[random.nextInt(100)];
        random.nextBytes(bytes);
        return bytes;
    }
}
