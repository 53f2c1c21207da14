package io.vitrine.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import io.vitrine.record.BatchSlice;
import io.vitrine.record.Batches;
import io.vitrine.record.RecordBatch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/// What is found of a log to be sent from its files.
class LogFetchTests {
    static final List<Long> SEEDS = List.of(1L, 2L, 3L, 4L);
    private static final int SEGMENT_BYTES = 20_000;
    private static final LogSettings SETTINGS = LogSettings.DEFAULTS.withSegments(
            new LogSettings.Segments(SEGMENT_BYTES, 1_000_000_000_000L, 0, 500, 10_000));

    @TempDir
    Path directory;

    @ParameterizedTest(name = "seed {0}")
    @FieldSource("SEEDS")
    void aRegionHoldsWhatAReadReturns(long seed) throws IOException {
        var random = new Random(seed);
        var log = open();
        for (int round = 0; round < 6; round++) {
            for (int i = 0; i < 60; i++) {
                append(log, random.nextInt(1500));
            }
            if (random.nextBoolean()) {
                log.flush();
                log.tidy();
                log.close();
                log = open();
            }
            for (int i = 0; i < 150; i++) {
                long offset = random.nextLong(log.logEndOffset());
                requireSame(log, offset, 1 + random.nextInt(random.nextBoolean() ? 3_000 : 30_000));
            }
        }
        log.close();
    }

    /// A region may end a little earlier than a read does, but not by more than one entry of the index.
    private static void requireSame(PartitionLog log, long offset, int maxBytes) throws IOException {
        var read = log.read(offset, maxBytes);
        var region = (LogSlice.InFile) log.fetches().read(offset, maxBytes);
        var bytes = bytesOf(region);
        assertThat(region.position()).isEqualTo((int) read.position());
        assertThat(bytes).isEqualTo(read.bytes().slice(0, bytes.limit()));
        int end = 0;
        while (end < bytes.limit()) {
            end += RecordBatch.at(bytes, end).sizeInBytes();
        }
        assertThat(end).as("whole batches").isEqualTo(bytes.limit());
        requireSameBatches(region, read);
        assertThat(read.bytes().limit() - end).isLessThan(4_000);
        assertThat(end).isPositive();
    }

    private static void requireSameBatches(LogSlice region, BatchSlice read) throws IOException {
        var walk = region.walk();
        for (var expected : read.batches()) {
            var batch = walk.next();
            if (batch == null) {
                break;
            }
            assertThat(batch.baseOffset()).isEqualTo(expected.baseOffset());
            assertThat(batch.lastOffset()).isEqualTo(expected.lastOffset());
            assertThat(walk.end()).isEqualTo(expected.start() + expected.sizeInBytes());
            assertThat(region.first(walk.end()).sizeInBytes()).isEqualTo(walk.end());
        }
        assertThat(walk.end()).isEqualTo(region.sizeInBytes());
    }

    @Test
    void atTheEndThereIsNothing() throws IOException {
        try (var log = open()) {
            append(log, 10);

            assertThat(log.fetches().read(1, 1000).isEmpty()).isTrue();
            assertThat(log.fetches().isCold(1, 1000, false)).isFalse();
            assertThatExceptionOfType(IllegalArgumentException.class)
                    .isThrownBy(() -> log.fetches().read(2, 1000));
        }
    }

    @Test
    void aRegionThatIsHeldOutlivesItsSegment() throws IOException {
        try (var log = open()) {
            append(log, 5_000);
            append(log, 18_000);
            log.flush();
            var region = (LogSlice.InFile) log.fetches().read(0, 100_000);
            var before = bytesOf(region);
            try (var held = region.pin()) {
                log.upkeep().startAt(1);
                log.flush();
                assertThat(log.upkeep().removeSegments(0)).isEqualTo(1);
                log.upkeep().purge(Long.MAX_VALUE);

                assertThat(directory.resolve("00000000000000000000.log.deleted"))
                        .doesNotExist();
                assertThat(directory.resolve("00000000000000000000.log")).doesNotExist();
                assertThat(read(held, region)).isEqualTo(before);
            }
            assertThatExceptionOfType(IOException.class).isThrownBy(region::pin);
        }
    }

    @Test
    void aRegionThatIsHeldOutlivesACompaction() throws IOException {
        var log = new CompactedLog(new LocalDisk(), directory, 3_000, 1_000_000);
        var random = new Random(7);
        for (int i = 0; i < 100; i++) {
            log.append(random, 5);
        }
        log.flush();
        var region = (LogSlice.InFile) log.log().fetches().read(0, 100_000);
        var before = bytesOf(region);

        try (var held = region.pin()) {
            log.compact();
            log.passTime(1_000_000_000);
            log.log().upkeep().purge(Long.MAX_VALUE);

            assertThat(read(held, region)).isEqualTo(before);
            var after = (LogSlice.InFile) log.log().fetches().read(0, 100_000);
            assertThat(bytesOf(after)).isNotEqualTo(before);
        }
        log.log().close();
    }

    @Test
    void whatHasNotBeenWalkedOverIsNotSentWithAWrongOffset() throws IOException {
        try (var log = open()) {
            for (int i = 0; i < 9; i++) {
                append(log, 1_000);
            }
            log.flush();
            log.tidy();
        }
        int size = batchSize(1_000);
        changeBaseOffset(3 * size);

        try (var log = PartitionLog.open(
                new PartitionLog.Location(new LocalDisk(), directory),
                SETTINGS,
                new OpeningMarks(true, 9, 0, 0),
                () -> Instant.ofEpochMilli(Batches.TIMESTAMP),
                new RecoveryProgress())) {
            assertThat(log.fetches().read(0, 100_000).sizeInBytes()).isEqualTo(3 * size);
            assertThatExceptionOfType(DamagedRangeException.class)
                    .isThrownBy(() -> log.fetches().read(3, 100_000));
            assertThat(log.fetches().read(4, 100_000).sizeInBytes()).isEqualTo(5 * size);
        }
    }

    @Test
    void whatComesFromTheDiskAgainIsWalkedOverAgain() throws IOException {
        try (var log = open()) {
            for (int i = 0; i < 9; i++) {
                append(log, 1_000);
            }
            log.flush();
            int size = batchSize(1_000);
            changeBaseOffset(5 * size);

            assertThat(log.fetches().load(0, 100_000, false)).isEqualTo(9 * size);

            assertThat(log.fetches().read(0, 100_000).sizeInBytes()).isEqualTo(5 * size);
        }
    }

    @Test
    void whatIsNotInThePageCacheIsColdUntilItIsLoaded() throws Exception {
        try (var log = open()) {
            for (int i = 0; i < 30; i++) {
                append(log, 3_000);
            }
            log.flush();
            log.tidy();
            assertThat(log.fetches().isCold(0, 10_000, false))
                    .as("even opening it may wait")
                    .isTrue();
            log.fetches().load(0, 10_000, false);
            assertThat(log.fetches().isCold(0, 10_000, false)).isFalse();
            var file = directory.resolve("00000000000000000000.log");
            assumeThat(evict(file)).as("this machine can evict a file").isTrue();

            await("what the system said holds for a moment")
                    .until(() -> log.fetches().isCold(0, 10_000, false));
            assertThat(log.fetches().load(0, 10_000, false)).isPositive();

            assertThat(log.fetches().isCold(0, 10_000, false)).isFalse();
        }
    }

    /// Has the system drop a file's pages.
    private static boolean evict(Path file) throws Exception {
        try {
            var process = new ProcessBuilder(
                            "dd", "of=" + file, "oflag=nocache", "conv=notrunc,fdatasync", "count=0", "status=none")
                    .inheritIO()
                    .start();
            if (!process.waitFor(20, TimeUnit.SECONDS) || process.exitValue() != 0) {
                return false;
            }
        } catch (IOException e) {
            return false;
        }
        try (var opened = LocalFile.openExisting(file);
                var _ = opened.pin()) {
            return !opened.isInPageCache(0, 10_000);
        }
    }

    /// Turns over a bit of a base offset, which no checksum covers, in the file itself.
    private void changeBaseOffset(int position) throws IOException {
        try (var channel = FileChannel.open(directory.resolve("00000000000000000000.log"), StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(new byte[] {77}), position + 7);
        }
    }

    private static ByteBuffer bytesOf(LogSlice.InFile region) throws IOException {
        try (var file = region.pin()) {
            return read(file, region);
        }
    }

    private static ByteBuffer read(PinnedFile file, LogSlice.InFile region) throws IOException {
        var bytes = ByteBuffer.allocate(region.sizeInBytes());
        assertThat(file.channel().read(bytes, region.position())).isEqualTo(region.sizeInBytes());
        return bytes.flip();
    }

    private static int batchSize(int valueBytes) {
        return Batches.of("x".repeat(valueBytes)).limit();
    }

    private static void append(PartitionLog log, int valueBytes) throws IOException {
        log.append(RecordBatch.at(Batches.of("x".repeat(valueBytes)), 0), 0);
    }

    private PartitionLog open() throws IOException {
        return PartitionLog.open(
                new PartitionLog.Location(new LocalDisk(), directory),
                SETTINGS,
                OpeningMarks.UNKNOWN,
                () -> Instant.ofEpochMilli(Batches.TIMESTAMP),
                new RecoveryProgress());
    }
}
