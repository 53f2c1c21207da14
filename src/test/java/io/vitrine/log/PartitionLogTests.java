package io.vitrine.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.vitrine.record.BatchSlice;
import io.vitrine.record.Batches;
import io.vitrine.record.Codec;
import io.vitrine.record.RecordBatch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

class PartitionLogTests {
    private static final int LEADER_EPOCH = 3;
    private static final LogSettings SMALL_SEGMENTS =
            LogSettings.DEFAULTS.withSegments(new LogSettings.Segments(1000, 1_000_000_000_000L, 0, 100, 10_000));
    static final List<Long> SEEDS = List.of(1L, 2L, 3L, 4L, 5L);

    @TempDir
    Path directory;

    @Test
    void givesOutOffsetsInOrderAndStoresTheBytesAsTheyCame() throws IOException {
        var sent = Batches.of("one", "two");
        try (var log = open(LogSettings.DEFAULTS, Batches.TIMESTAMP)) {
            assertThat(append(log, copy(sent))).isZero();
            assertThat(append(log, copy(sent))).isEqualTo(2);
            assertThat(log.logEndOffset()).isEqualTo(4);
        }

        var stored = ByteBuffer.wrap(Files.readAllBytes(onlyFile()));
        var second = RecordBatch.at(stored, sent.limit());
        assertThat(second.baseOffset()).isEqualTo(2);
        assertThat(second.partitionLeaderEpoch()).isEqualTo(LEADER_EPOCH);
        assertThat(second.bytes().slice(RecordBatch.MAGIC, sent.limit() - RecordBatch.MAGIC))
                .isEqualTo(sent.slice(RecordBatch.MAGIC, sent.limit() - RecordBatch.MAGIC));
    }

    @Test
    void goesOnWhereItStopped() throws IOException {
        try (var log = open(LogSettings.DEFAULTS, Batches.TIMESTAMP)) {
            append(log, Batches.of("one", "two", "three"));
        }

        try (var log = open(LogSettings.DEFAULTS, Batches.TIMESTAMP)) {
            assertThat(append(log, Batches.of("four"))).isEqualTo(3);
            assertThat(log.offsets()).isEqualTo(new Offsets(0, 4, 4, 4, 0));
            assertThat(log.flush()).isEqualTo(4);
        }
    }

    @ParameterizedTest
    @EnumSource(Codec.class)
    void anUnfinishedLastBatchIsCutOffWhereverItEnds(Codec codec) throws IOException {
        int sound = writeTwoBatches(codec);
        var whole = Files.readAllBytes(onlyFile());

        for (int length = sound; length < whole.length; length++) {
            Files.write(onlyFile(), Arrays.copyOf(whole, length));
            try (var log = open(LogSettings.DEFAULTS, Batches.TIMESTAMP)) {
                assertThat(log.logEndOffset()).as("cut at %d", length).isEqualTo(3);
            }
            assertThat(Files.size(onlyFile())).isEqualTo(sound);
        }
    }

    @ParameterizedTest
    @EnumSource(Codec.class)
    void aLastBatchWithAnyChangedByteUnderTheChecksumIsCutOff(Codec codec) throws IOException {
        int sound = writeTwoBatches(codec);
        var whole = Files.readAllBytes(onlyFile());

        for (int i = sound + RecordBatch.MAGIC; i < whole.length; i++) {
            var damaged = whole.clone();
            damaged[i] ^= 0x10;
            Files.write(onlyFile(), damaged);
            try (var log = open(LogSettings.DEFAULTS, Batches.TIMESTAMP)) {
                assertThat(log.logEndOffset()).as("byte %d", i).isEqualTo(3);
            }
        }
    }

    @Test
    void zerosAtTheEndAreCutOff() throws IOException {
        int sound = writeTwoBatches(Codec.NONE);
        var whole = Files.readAllBytes(onlyFile());
        Files.write(onlyFile(), Arrays.copyOf(Arrays.copyOf(whole, sound), whole.length + 5000));

        try (var log = open(LogSettings.DEFAULTS, Batches.TIMESTAMP)) {
            assertThat(append(log, Batches.of("next"))).isEqualTo(3);
        }
    }

    @Test
    void damageThatSoundBatchesFollowIsSetApartAndNothingIsCut() throws IOException {
        int first = writeTwoBatches(Codec.NONE);
        var damaged = Files.readAllBytes(onlyFile());
        damaged[first - 1] ^= 1;
        Files.write(onlyFile(), damaged);

        try (var log = open(LogSettings.DEFAULTS, Batches.TIMESTAMP)) {
            var range = new DamagedRange(
                    0, 0, first, 0, 3, log.damagedRanges().getFirst().reason());
            assertThat(log.damagedRanges()).containsExactly(range);
            assertThat(range.reason()).contains("CRC-32C");
            assertThatExceptionOfType(DamagedRangeException.class)
                    .isThrownBy(() -> log.read(1, 10_000))
                    .withMessageContaining("offsets 0 to 2");
            assertThat(baseOffsets(log.read(3, 10_000))).containsExactly(3L);
            assertThat(append(log, Batches.of("next"))).isEqualTo(5);
        }
        assertThat(Arrays.copyOf(Files.readAllBytes(onlyFile()), damaged.length))
                .isEqualTo(damaged);
    }

    @ParameterizedTest
    @ValueSource(ints = {RecordBatch.BASE_OFFSET, RecordBatch.PARTITION_LEADER_EPOCH})
    void aDamagedFieldOutsideTheChecksumCostsItsBatchAndNoOther(int field) throws IOException {
        try (var log = open(LogSettings.DEFAULTS, Batches.TIMESTAMP)) {
            for (int i = 0; i < 10; i++) {
                append(log, Batches.of("value"));
            }
        }
        var whole = Files.readAllBytes(onlyFile());
        int batchSize = whole.length / 10;
        int bits = field == RecordBatch.BASE_OFFSET ? Long.SIZE : Integer.SIZE;
        for (int batch = 0; batch < 10; batch++) {
            for (int bit = 0; bit < bits; bit++) {
                Files.deleteIfExists(directory.resolve(DamagedRanges.FILE));
                Files.deleteIfExists(directory.resolve(LogFiles.LEADER_EPOCHS));
                var damaged = whole.clone();
                damaged[batch * batchSize + field + bits / 8 - 1 - bit / 8] ^= (byte) (1 << bit % 8);
                Files.write(onlyFile(), damaged);

                try (var log = open(LogSettings.DEFAULTS, Batches.TIMESTAMP)) {
                    assertThat(log.logEndOffset())
                            .as("batch %d, bit %d", batch, bit)
                            .isEqualTo(10);
                    for (int offset = 0; offset < 10; offset++) {
                        assertReadableBut(log, offset, batch, field);
                    }
                }
                assertThat(Files.readAllBytes(onlyFile())).isEqualTo(damaged);
            }
        }
    }

    /// Reads one record; that of the damaged batch may be refused, or be right after all.
    private static void assertReadableBut(PartitionLog log, int offset, int damagedBatch, int field)
            throws IOException {
        try {
            assertThat(baseOffsets(log.read(offset, 1))).containsExactly((long) offset);
            // A leader epoch that is too high for its neighbours shows, one at the end may be a new one.
            assertThat(offset != damagedBatch || field == RecordBatch.PARTITION_LEADER_EPOCH)
                    .isTrue();
        } catch (DamagedRangeException e) {
            assertThat(offset).isEqualTo(damagedBatch);
        }
    }

    @Test
    void aReadInTheMiddleOfABatchBeginsWithThatBatch() throws IOException {
        try (var log = open(LogSettings.DEFAULTS, Batches.TIMESTAMP)) {
            append(log, Batches.of("0", "1", "2"));
            append(log, Batches.of("3", "4"));

            assertThat(baseOffsets(log.read(1, 10_000))).containsExactly(0L, 3L);
            assertThat(baseOffsets(log.read(4, 1))).containsExactly(3L);
            assertThat(log.read(5, 10_000).isEmpty()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {-12, -100, 0, 48, Integer.MAX_VALUE})
    void aLengthThatIsDamagedWhileTheLogIsOpenIsNamed(int length) throws IOException {
        try (var log = open(LogSettings.DEFAULTS, Batches.TIMESTAMP)) {
            append(log, Batches.of("0"));
            append(log, Batches.of("1"));
            int second = (int) log.sizeInBytes() / 2;
            var bytes = Files.readAllBytes(onlyFile());
            ByteBuffer.wrap(bytes).putInt(second + RecordBatch.BATCH_LENGTH, length);
            Files.write(onlyFile(), bytes);

            assertThat(baseOffsets(log.read(0, 10_000))).containsExactly(0L);
            assertThatExceptionOfType(DamagedRangeException.class)
                    .isThrownBy(() -> log.read(1, 10_000))
                    .withMessageContaining("bytes " + second + " to");
        }
    }

    @Test
    void aSegmentThatIsFullIsFollowedByAnother() throws IOException {
        try (var log = open(SMALL_SEGMENTS, Batches.TIMESTAMP)) {
            for (int i = 0; i < 30; i++) {
                append(log, Batches.of("x".repeat(100)));
            }

            assertThat(log.segments())
                    .hasSizeGreaterThan(3)
                    .allSatisfy(segment -> assertThat(segment.sizeInBytes()).isLessThanOrEqualTo(1000));
            assertThat(log.segments()).filteredOn(SegmentInfo::active).hasSize(1);
        }
        try (var log = open(SMALL_SEGMENTS, Batches.TIMESTAMP)) {
            assertThat(log.logEndOffset()).isEqualTo(30);
        }
    }

    @Test
    void aReadAtTheEndDoesNotTakeANewerIndexEntryForDamage() throws IOException {
        var files = new LogFiles(new LocalDisk(), directory);
        var rules = new LogSettings.Segments(1_000_000, Long.MAX_VALUE, 0, 0, 10_000);
        var undamaged = new DamagedRanges(List.of());
        var transactions = SegmentTransactions.none(files, undamaged, 0);
        var start = new Segment.Start(0, 0, SegmentStart.newIndexes(0, rules), transactions, 0, 0);
        var file = SegmentFile.open(files.disk(), files.path(0, LogFiles.LOG));
        try (var segment = new Segment(files, file, 0, rules, undamaged, start)) {
            segment.append(RecordBatch.at(Batches.of("0"), 0));
            var seen = segment.extent();
            var next = RecordBatch.at(Batches.of("1"), 0);
            next.assign(1, LEADER_EPOCH);
            segment.append(next);

            assertThat(segment.index().floor(1).position()).isEqualTo(seen.end());
            assertThat(segment.reader().positionOf(1, seen)).isEqualTo(seen.end());
        }
    }

    @Test
    void anInterruptedReaderDisturbsNobody() throws Exception {
        try (var log = open(LogSettings.DEFAULTS, Batches.TIMESTAMP)) {
            append(log, Batches.of("one"));
            var reader = Thread.ofPlatform().start(() -> {
                Thread.currentThread().interrupt();
                assertThatExceptionOfType(IOException.class).isThrownBy(() -> log.read(0, 100));
            });
            reader.join();

            assertThat(append(log, Batches.of("two"))).isEqualTo(1);
            assertThat(baseOffsets(log.read(0, 10_000))).containsExactly(0L, 1L);
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @FieldSource("SEEDS")
    void readsWhatASimpleListWouldRead(long seed) throws IOException {
        var random = new Random(seed);
        var model = new ArrayList<long[]>();
        var log = open(SMALL_SEGMENTS, Batches.TIMESTAMP);
        long end = 0;
        for (int step = 0; step < 300; step++) {
            int what = random.nextInt(10);
            if (what < 5) {
                var values = new String[1 + random.nextInt(5)];
                Arrays.fill(values, "v".repeat(random.nextInt(200)));
                assertThat(append(log, Batches.of(values))).isEqualTo(end);
                model.add(new long[] {end, end + values.length});
                end += values.length;
            } else if (what < 9 && end > 0) {
                long offset = random.nextLong(end);
                var found = baseOffsets(log.read(offset, 1 + random.nextInt(2000)));
                var expected = model.stream()
                        .filter(batch -> batch[1] > offset)
                        .map(batch -> batch[0])
                        .toList();
                assertThat(found).isNotEmpty().isEqualTo(expected.subList(0, found.size()));
            } else {
                log.close();
                log = open(SMALL_SEGMENTS, Batches.TIMESTAMP);
                assertThat(log.logEndOffset()).isEqualTo(end);
            }
        }
        log.close();
    }

    @Test
    void remembersTheBatchesOfAnIdempotentProducerAcrossARestart() throws IOException {
        try (var log = open(LogSettings.DEFAULTS, Batches.TIMESTAMP)) {
            append(log, Batches.idempotent(9, 0, 0, "a", "b"));
            append(log, Batches.idempotent(9, 0, 2, "c"));
        }

        try (var log = open(LogSettings.DEFAULTS, Batches.TIMESTAMP)) {
            assertThat(judge(log, Batches.idempotent(9, 0, 0, "a", "b")))
                    .isEqualTo(new ProducerVerdict.Duplicate(0, Batches.TIMESTAMP));
            assertThat(judge(log, Batches.idempotent(9, 0, 3, "d"))).isEqualTo(new ProducerVerdict.InSequence());
            assertThat(judge(log, Batches.idempotent(9, 0, 4, "e"))).isEqualTo(new ProducerVerdict.Gap(9, 3, 4));
            assertThat(judge(log, Batches.idempotent(9, 1, 0, "d"))).isEqualTo(new ProducerVerdict.InSequence());
            assertThat(judge(log, Batches.idempotent(9, 1, 3, "d"))).isEqualTo(new ProducerVerdict.Gap(9, 0, 3));
            assertThat(judge(log, Batches.idempotent(8, 0, 77, "x"))).isEqualTo(new ProducerVerdict.InSequence());
            append(log, Batches.idempotent(9, 1, 0, "d"));
            assertThat(judge(log, Batches.idempotent(9, 0, 3, "d")))
                    .isEqualTo(new ProducerVerdict.OldEpoch(9, (short) 1, (short) 0));
        }
    }

    @Test
    void aProducerWhoseRecordsAreTooOldIsForgottenOnOpening() throws IOException {
        try (var log = open(LogSettings.DEFAULTS, Batches.TIMESTAMP)) {
            append(log, Batches.idempotent(0, 0, 0, "a"));
        }

        long later = Batches.TIMESTAMP + LogSettings.DEFAULTS.producerExpirationMs() + 1;
        try (var log = open(LogSettings.DEFAULTS, later)) {
            assertThat(judge(log, Batches.idempotent(0, 0, 0, "b"))).isEqualTo(new ProducerVerdict.InSequence());
        }
    }

    @Test
    void aDirectoryIsLockedAgainstASecondBroker() throws IOException {
        try (var first = LogDirectory.open(directory)) {
            assertThat(first.usableBytes()).isPositive();
            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(() -> LogDirectory.open(directory).close())
                    .withMessageContaining("in use");
        }
        LogDirectory.open(directory).close();
    }

    /// Returns the size of the first batch.
    private int writeTwoBatches(Codec codec) throws IOException {
        try (var log = open(LogSettings.DEFAULTS, Batches.TIMESTAMP)) {
            var first = Batches.of(codec, "one", "two", "three");
            append(log, first);
            append(log, Batches.of(codec, "four", "five"));
            return first.limit();
        }
    }

    private Path onlyFile() {
        return directory.resolve("00000000000000000000.log");
    }

    private static long append(PartitionLog log, ByteBuffer bytes) throws IOException {
        return log.append(RecordBatch.at(bytes, 0), LEADER_EPOCH);
    }

    private static ProducerVerdict judge(PartitionLog log, ByteBuffer bytes) {
        return log.producers().check(RecordBatch.at(bytes, 0));
    }

    private static List<Long> baseOffsets(BatchSlice slice) {
        return StreamSupport.stream(slice.batches().spliterator(), false)
                .map(RecordBatch::baseOffset)
                .toList();
    }

    private static ByteBuffer copy(ByteBuffer bytes) {
        return ByteBuffer.allocate(bytes.limit()).put(bytes.duplicate()).flip();
    }

    private PartitionLog open(LogSettings settings, long nowMs) throws IOException {
        return PartitionLog.open(
                new PartitionLog.Location(new LocalDisk(), directory),
                settings,
                OpeningMarks.UNKNOWN,
                () -> Instant.ofEpochMilli(nowMs),
                new RecoveryProgress());
    }
}
