package io.vitrine.log;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.vitrine.record.Codec;
import io.vitrine.record.RecordBatch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;

/// Turns over a bit in every byte of every file of a log, and cuts every file at every length. What is read then is
/// right, or is refused by name, or fails the checksum that readers compare; and nothing but the damaged batch is
/// lost.
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class FlippedBitTests {
    private static final long SEED = Long.getLong("vitrine.flips.seed", 4711);
    /// Of the times that make a difference, one in so many is searched for after each damage.
    private static final int SEARCHED_EACH = 9;
    /// One log in so many is opened again, to see that what was found damaged is still known.
    private static final int REOPENED_EACH = 4;
    private static final Random SEARCHES = new Random(SEED);
    private static final long NOW = 1_726_045_943_832L;
    private static final int CURRENT_EPOCH = 5;
    private static final LogSettings SETTINGS = LogSettings.DEFAULTS
            .withSegments(new LogSettings.Segments(700, Long.MAX_VALUE, 0, 150, 10_000))
            .withProducerExpirationMs(NOW);
    private static final LogExpectation EXPECTED = new LogExpectation();
    private static final Logger LOGGER = (Logger) LoggerFactory.getLogger("io.vitrine.log");
    private static final List<Codec> CODECS = List.of(Codec.values());
    private static LogImage whole;

    /// How the log is opened.
    enum Opening {
        CLEAN,
        UNKNOWN,
        HALF_CHECKED;

        OpeningMarks marks() {
            long end = EXPECTED.endOffset();
            return switch (this) {
                case CLEAN -> new OpeningMarks(true, end, 0, CURRENT_EPOCH);
                case UNKNOWN -> new OpeningMarks(false, 0, 0, CURRENT_EPOCH);
                case HALF_CHECKED -> new OpeningMarks(false, middle(), 0, CURRENT_EPOCH);
            };
        }

        /// Has everything from this offset on been checked when the log is open?
        long checkedFrom() {
            return switch (this) {
                case CLEAN -> Long.MAX_VALUE;
                case UNKNOWN -> 0;
                case HALF_CHECKED -> middle();
            };
        }

        /// Up to here, nothing may be taken for an unfinished write.
        long promised() {
            return marks().recoveryPoint();
        }

        private static long middle() {
            var entries = EXPECTED.entries();
            return entries.get(entries.size() / 2).batch().baseOffset();
        }
    }

    @BeforeAll
    static void writeLog() throws IOException {
        LOGGER.setLevel(Level.OFF);
        var disk = new SimulatedDisk(SEED);
        disk.createDirectories(LogImage.DIRECTORY);
        var random = new Random(SEED);
        var sequences = new int[2];
        try (var log = open(disk, OpeningMarks.UNKNOWN)) {
            for (int i = 0; i < 20; i++) {
                int producerId = i % 3 == 2 ? -1 : i % 3;
                int sequence = producerId < 0 ? -1 : sequences[producerId];
                var codec = CODECS.get(i % CODECS.size());
                var entry = LogExpectation.batch(random, codec, NOW + 10L * i, producerId, sequence);
                if (producerId >= 0) {
                    sequences[producerId] += entry.timestamps().size();
                }
                log.append(entry.batch(), i < 9 ? 3 : CURRENT_EPOCH);
                EXPECTED.add(entry);
                if (i % 4 == 3) {
                    log.flush();
                    log.tidy();
                }
            }
            log.upkeep().finish(log.upkeep().now());
            assertThat(log.segments()).hasSizeGreaterThan(3);
        }
        whole = LogImage.of(disk);
        assertThat(whole.files().keySet()).anyMatch(name -> name.endsWith(LogFiles.PRODUCER_SNAPSHOT));
    }

    @AfterAll
    static void forget() {
        LOGGER.setLevel(null);
        EXPECTED.entries().clear();
    }

    @ParameterizedTest
    @EnumSource
    void aFlippedBitCostsAtMostItsBatch(Opening opening) throws IOException {
        var random = new Random(SEED);
        for (var name : whole.files().keySet()) {
            for (int at = 0; at < whole.bytes(name).length; at++) {
                var bytes = whole.bytes(name).clone();
                int bit = random.nextInt(Byte.SIZE);
                bytes[at] ^= (byte) (1 << bit);
                var affected = new Affected(name, at, at + 1);
                check(name, bytes, opening, affected, "bit %d of byte %d".formatted(bit, at));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aFileThatWasCutCostsAtMostWhatWasCutOff(Opening opening) throws IOException {
        for (var name : whole.files().keySet()) {
            var bytes = whole.bytes(name);
            for (int length = 0; length < bytes.length; length++) {
                var affected = new Affected(name, length, bytes.length);
                check(name, Arrays.copyOf(bytes, length), opening, affected, "cut at " + length);
            }
        }
    }

    /// The batches that a range of bytes of one file touches.
    private record Affected(long firstOffset, long nextOffset) {
        Affected(String name, int fromByte, int toByte) {
            this(EXPECTED.endOffset(), 0, name, fromByte, toByte);
        }

        private Affected(long first, long next, String name, int fromByte, int toByte) {
            this(
                    offsets(name, fromByte, toByte).stream()
                            .mapToLong(RecordBatch::baseOffset)
                            .min()
                            .orElse(first),
                    offsets(name, fromByte, toByte).stream()
                            .mapToLong(RecordBatch::nextOffset)
                            .max()
                            .orElse(next));
        }

        private static List<RecordBatch> offsets(String name, int fromByte, int toByte) {
            if (!name.endsWith(LogFiles.LOG)) {
                return List.of();
            }
            var found = new ArrayList<RecordBatch>();
            var bytes = ByteBuffer.wrap(whole.bytes(name));
            for (int at = 0; at < bytes.limit(); ) {
                var batch = RecordBatch.at(bytes, at);
                if (at < toByte && at + batch.sizeInBytes() > fromByte) {
                    found.add(batch);
                }
                at += batch.sizeInBytes();
            }
            return found;
        }

        boolean holds(long offset) {
            return offset >= firstOffset && offset < nextOffset;
        }
    }

    private static void check(String name, byte[] bytes, Opening opening, Affected affected, String what)
            throws IOException {
        var disk = whole.with(name, bytes).onDisk();
        try {
            checkOpened(disk, opening, affected);
            if (SEARCHES.nextInt(REOPENED_EACH) == 0) {
                checkOpened(disk, opening, affected);
            }
        } catch (IOException | RuntimeException | AssertionError e) {
            throw new AssertionError("%s of %s, opened %s".formatted(what, name, opening), e);
        }
    }

    private static void checkOpened(SimulatedDisk disk, Opening opening, Affected affected) throws IOException {
        try (var log = open(disk, opening.marks())) {
            assertThat(log.logStartOffset()).isZero();
            boolean cut = log.logEndOffset() < EXPECTED.endOffset();
            if (cut) {
                assertThat(log.logEndOffset())
                        .isEqualTo(affected.firstOffset())
                        .isGreaterThanOrEqualTo(opening.promised());
            }
            for (long offset = 0; offset < log.logEndOffset(); offset++) {
                checkRead(log, offset, opening, affected);
                try {
                    checkFetch(log, offset, affected);
                } catch (DamagedRangeException e) {
                    assertThat(affected.holds(offset)).as("%s", e.getMessage()).isTrue();
                }
            }
            var times = EXPECTED.times();
            for (int i = SEARCHES.nextInt(SEARCHED_EACH); i < times.length; i += SEARCHED_EACH) {
                checkSearch(log, times[i], affected);
            }
            assertThat(log.timestamps().findGreatest().map(found -> withRightEpoch(found, affected)))
                    .isIn(EXPECTED.greatest(0, _ -> true), EXPECTED.greatest(0, batch -> !touches(affected, batch)));
            for (var range : log.damagedRanges()) {
                assertThat(range.firstOffset()).isGreaterThanOrEqualTo(affected.firstOffset());
                assertThat(range.nextOffset()).isLessThanOrEqualTo(affected.nextOffset());
            }
            log.upkeep().retainFrom(NOW);
        }
    }

    /// What is sent without a look at each batch: the first is where it has to be, and the offsets of all others
    /// follow.
    private static void checkFetch(PartitionLog log, long offset, Affected affected) throws IOException {
        int maxBytes = 1 + SEARCHES.nextInt(3000);
        var slice = (LogSlice.InMemory) log.fetches().read(offset, maxBytes);
        long next = EXPECTED.at(offset).batch().baseOffset();
        for (int at = 0; at < slice.sizeInBytes(); ) {
            var batch = RecordBatch.at(slice.bytes(), at);
            var expected = EXPECTED.at(next).batch();
            assertThat(batch.baseOffset()).isEqualTo(expected.baseOffset());
            if (!touches(affected, expected)) {
                LogExpectation.requireSame(batch, expected);
            }
            at += batch.sizeInBytes();
            next = expected.nextOffset();
        }
    }

    private static void checkRead(PartitionLog log, long offset, Opening opening, Affected affected)
            throws IOException {
        var expected = EXPECTED.at(offset).batch();
        try {
            var batches = log.read(offset, 1).batches().iterator();
            assertThat(batches.hasNext()).as("something at %d", offset).isTrue();
            var found = batches.next();
            if (found.bytes().equals(expected.bytes())) {
                return;
            }
            assertThat(affected.holds(offset)).as("offset %d is wrong", offset).isTrue();
            if (found.crc() == found.computedCrc()) {
                // Nobody can tell a leader epoch that fits from the right one.
                var copy = LogExpectation.copy(found);
                copy.assign(copy.baseOffset(), expected.partitionLeaderEpoch());
                LogExpectation.requireSame(copy, expected);
            } else {
                assertThat(offset).as("checked on opening").isLessThan(opening.checkedFrom());
            }
        } catch (DamagedRangeException e) {
            assertThat(affected.holds(offset)).as("%s", e.getMessage()).isTrue();
        }
    }

    private static void checkSearch(PartitionLog log, long time, Affected affected) throws IOException {
        var found = log.timestamps().findFirstFrom(time);
        assertThat(found.map(one -> withRightEpoch(one, affected)))
                .as("the first of %d", time)
                .isIn(
                        EXPECTED.firstFrom(time, 0, _ -> true),
                        EXPECTED.firstFrom(time, 0, batch -> !touches(affected, batch)));
    }

    /// The leader epoch of a batch lies outside its checksum.
    private static TimestampSearch.Found withRightEpoch(TimestampSearch.Found found, Affected affected) {
        return affected.holds(found.offset())
                ? new TimestampSearch.Found(
                        found.offset(),
                        found.timestamp(),
                        EXPECTED.at(found.offset()).batch().partitionLeaderEpoch())
                : found;
    }

    private static boolean touches(Affected affected, RecordBatch batch) {
        return batch.baseOffset() < affected.nextOffset() && batch.lastOffset() >= affected.firstOffset();
    }

    private static PartitionLog open(Disk disk, OpeningMarks marks) throws IOException {
        return PartitionLog.open(
                new PartitionLog.Location(disk, LogImage.DIRECTORY),
                SETTINGS,
                marks,
                () -> Instant.ofEpochMilli(NOW),
                new RecoveryProgress());
    }
}
