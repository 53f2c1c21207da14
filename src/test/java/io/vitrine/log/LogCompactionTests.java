package io.vitrine.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Compaction of partition logs as they are, beside all else that is done to them.
class LogCompactionTests {
    private static final int KEYS = 40;
    private static final int ENOUGH_FOR_ALL_KEYS = 100_000;
    static final List<Long> SEEDS = LongStream.rangeClosed(1, 6).boxed().toList();

    @TempDir
    Path root;

    @ParameterizedTest(name = "seed {0}")
    @FieldSource("SEEDS")
    void aLogSaysTheSameAsAMapOfTheLastValues(long seed) throws IOException {
        var random = new Random(seed);
        var compacted = new CompactedLog(
                new LocalDisk(), directory(), 600 + random.nextInt(3000), 24L * (10 + random.nextInt(100)));
        for (int step = 0; step < 60; step++) {
            for (int i = random.nextInt(20); i >= 0; i--) {
                compacted.append(random, KEYS);
            }
            compacted.passTime(random.nextInt(600));
            switch (random.nextInt(10)) {
                case 0 -> compacted.restart();
                case 1 -> {
                    compacted.log().close();
                    compacted.restartAfterCrash();
                }
                case 2 -> compacted.flush();
                case 3 -> compacted.log().upkeep().purge(compacted.millis());
                default -> compacted.compact();
            }
            compacted.requireLastValues();
        }
        compacted.log().close();
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3})
    void readersAreNotHurt(long seed) throws Exception {
        var random = new Random(seed);
        var compacted = new CompactedLog(new LocalDisk(), directory(), 1500, ENOUGH_FOR_ALL_KEYS);
        compacted.append(random, KEYS);
        var stopped = new AtomicBoolean();
        try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            var readers = Stream.generate(() -> executor.submit(() -> readAgainAndAgain(compacted.log(), stopped)))
                    .limit(3)
                    .toList();
            try {
                for (int round = 0; round < 15; round++) {
                    for (int i = 0; i < 20; i++) {
                        compacted.append(random, KEYS);
                    }
                    compacted.compact();
                    compacted.passTime(600);
                    compacted.log().upkeep().purge(compacted.millis());
                    compacted.log().upkeep().releaseIdle();
                }
            } finally {
                stopped.set(true);
            }
            for (Future<Integer> reader : readers) {
                assertThat(reader.get()).isPositive();
            }
        }
        compacted.requireLastValues();
        compacted.log().close();
    }

    /// @return how often
    private static int readAgainAndAgain(PartitionLog log, AtomicBoolean stopped) throws IOException {
        int times = 0;
        while (!stopped.get() || times == 0) {
            CompactedLog.records(CompactedLog.batches(log));
            assertThat(log.timestamps().findFirstFrom(0)).isPresent();
            times++;
        }
        return times;
    }

    @Test
    void readersOfAReplacedSegmentGoOnUntilItsFilesAreDeleted() throws IOException {
        var compacted = filled();
        long size = compacted.log().sizeInBytes();

        var cleaned = compacted.compact();

        assertThat(cleaned.segments()).isNotEmpty();
        assertThat(compacted.log().sizeInBytes()).isLessThan(size / 2);
        assertThat(names(".deleted")).isNotEmpty();
        compacted.log().upkeep().purge(compacted.millis() + CompactedLog.RETENTION_MS - 1);
        assertThat(names(".deleted")).isNotEmpty();
        compacted.log().upkeep().purge(compacted.millis() + CompactedLog.RETENTION_MS);
        assertThat(names(".deleted")).isEmpty();
        compacted.requireLastValues();
        compacted.log().close();
    }

    @Test
    void filesOfASecondCompactionWithinTheDelayStayForTheirOwnTime() throws IOException {
        var compacted = filled();
        compacted.compact();
        compacted.passTime(CompactedLog.RETENTION_MS / 2);
        fill(compacted, new Random(2));
        compacted.compact();

        compacted.log().upkeep().purge(compacted.millis() + CompactedLog.RETENTION_MS / 2);

        assertThat(names(".log.deleted")).contains("00000000000000000000.log.deleted");
        compacted.log().upkeep().purge(compacted.millis() + CompactedLog.RETENTION_MS);
        assertThat(names(".deleted")).isEmpty();
        compacted.requireLastValues();
        compacted.log().close();
    }

    @Test
    void whatIsNotCheckpointedIsLeftAlone() throws IOException {
        var compacted = filled();

        assertThat(compacted.range().dirtyBytes()).isZero();

        compacted.checkpoint();
        assertThat(compacted.range().dirtyBytes()).isPositive();
        compacted.log().close();
    }

    @Test
    void aDamagedSegmentAndAllThatFollowIsLeftAlone() throws IOException {
        var compacted = filled();
        compacted.checkpoint();
        long third = compacted.log().segments().get(2).baseOffset();
        damageFrame(third);
        var before = Files.readAllBytes(directory().resolve(SegmentSwap.logName(third)));

        assertThatExceptionOfType(DamagedLogException.class).isThrownBy(compacted::compact);
        var cleaned = compacted.compact();

        assertThat(cleaned.nextDirtyOffset()).isEqualTo(third);
        assertThat(compacted.log().upkeep().compaction().findObstacle())
                .hasValueSatisfying(
                        range -> assertThat(range.segmentBaseOffset()).isEqualTo(third));
        assertThat(directory().resolve(SegmentSwap.logName(third))).hasBinaryContent(before);
        assertThat(names(".cleaned")).isEmpty();
        compacted.log().close();
    }

    @Test
    void segmentsAreNotRemovedWhileTheLogIsCompacted() throws IOException {
        var compacted = filled();
        var upkeep = compacted.log().upkeep();
        long third = compacted.log().segments().get(2).baseOffset();

        upkeep.compaction().begin();
        upkeep.startAt(third);
        assertThat(upkeep.removeSegments(compacted.millis())).isZero();
        upkeep.compaction().end();

        assertThat(upkeep.removeSegments(compacted.millis())).isEqualTo(2);
        compacted.log().close();
    }

    @Test
    void aCompactionThatIsStoppedLeavesNothingBehind() throws IOException {
        var compacted = filled();
        compacted.checkpoint();
        var names = names("");
        var left = new int[] {20};

        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> compacted.compact(_ -> {
                    if (left[0]-- == 0) {
                        throw new IOException("stop");
                    }
                }))
                .withMessage("stop");

        assertThat(names("")).isEqualTo(names);
        compacted.requireLastValues();
        compacted.log().close();
    }

    @Test
    void aSwapThatFailsBreaksTheLogAndTheNextOpeningFinishesIt() throws IOException {
        var disk = new SimulatedDisk(1);
        var place = Path.of("/disk/topic-0");
        var compacted = new CompactedLog(disk, place, 1500, ENOUGH_FOR_ALL_KEYS);
        fill(compacted, new Random(1));
        compacted.checkpoint();
        disk.faults().failAfter(5, DiskOperation.RENAME, DiskFailure.IO_ERROR);

        assertThatExceptionOfType(LogBrokenException.class).isThrownBy(compacted::compact);

        disk.faults().clear();
        compacted.log().close();
        compacted.restartAfterCrash();
        compacted.requireSameValues();
        assertThat(disk.list(place)).noneMatch(name -> name.endsWith(".swap") || name.endsWith(".deleted"));
        compacted.log().close();
    }

    @Test
    void kafkaOpensWhatIsLeft() throws Exception {
        var compacted = filled();
        for (int round = 0; round < 5; round++) {
            compacted.compact();
            compacted.passTime(600);
            fill(compacted, new Random(round));
        }
        compacted.compact();
        var stored = CompactedLog.records(compacted.batches());
        compacted.log().upkeep().finish(compacted.log().upkeep().now());
        compacted.log().close();

        try (var kafka = new KafkaLog(directory(), Map.of("cleanup.policy", "compact"))) {
            assertThat(kafka.log().logEndOffset()).isEqualTo(compacted.log().logEndOffset());
            for (var segment : kafka.log().logSegments()) {
                segment.sanityCheck(false);
                for (var batch : segment.log().batches()) {
                    batch.ensureValid();
                    for (var record : batch) {
                        assertThat(stored).anyMatch(known -> known.offset() == record.offset());
                    }
                }
            }
        }
    }

    private CompactedLog filled() throws IOException {
        var compacted = new CompactedLog(new LocalDisk(), directory(), 1500, ENOUGH_FOR_ALL_KEYS);
        fill(compacted, new Random(1));
        return compacted;
    }

    private static void fill(CompactedLog compacted, Random random) throws IOException {
        for (int i = 0; i < 60; i++) {
            compacted.append(random, KEYS);
        }
        compacted.flush();
    }

    /// Changes the length of a segment's first batch.
    private void damageFrame(long baseOffset) throws IOException {
        try (var channel =
                FileChannel.open(directory().resolve(SegmentSwap.logName(baseOffset)), StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(new byte[] {1}), 8);
        }
    }

    private Path directory() {
        return root.resolve("topic-0");
    }

    private List<String> names(String suffix) throws IOException {
        return new LocalDisk()
                .list(directory()).stream()
                        .filter(name -> name.endsWith(suffix))
                        .sorted()
                        .toList();
    }
}
