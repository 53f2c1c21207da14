package io.vitrine.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.vitrine.record.Batches;
import io.vitrine.record.Codec;
import io.vitrine.record.RecordBatch;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;

/// A log does what a simple list would do, whatever is asked of it and however it is closed. A seed decides; the
/// number of them is that of the property `vitrine.models`.
class ModelTests {
    private static final int STEPS = 400;
    private static final int LEADER_EPOCH = 7;
    private static final List<Codec> CODECS = List.of(Codec.values());
    private static final Logger LOGGER = (Logger) LoggerFactory.getLogger("io.vitrine.log");

    static LongStream seeds() {
        return LongStream.rangeClosed(1, Integer.getInteger("vitrine.models", 30));
    }

    @BeforeAll
    static void beQuiet() {
        LOGGER.setLevel(Level.OFF);
    }

    @AfterAll
    static void beHeard() {
        LOGGER.setLevel(null);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void doesWhatASimpleListWouldDo(long seed) throws IOException {
        var life = new Life(new Random(seed));
        for (int i = 0; i < STEPS; i++) {
            life.step();
        }
        life.reopen();
        for (long offset = life.log.logStartOffset(); offset <= life.expected.endOffset(); offset++) {
            life.requireRead(offset, 1);
        }
    }

    /// One log and the list that it is compared with.
    private static final class Life {
        private final Random random;
        private final SimulatedDisk disk;
        private final SimulatedLogDirectory directory;
        private final LogSettings settings;
        private final LogExpectation expected = new LogExpectation();
        private final int[] sequences = new int[2];
        private long nowMs = Batches.TIMESTAMP;
        private PartitionLog log;

        Life(Random random) throws IOException {
            this.random = random;
            this.disk = new SimulatedDisk(random.nextLong());
            this.directory = new SimulatedLogDirectory(disk);
            this.settings = LogSettings.DEFAULTS
                    .withSegments(new LogSettings.Segments(
                            either(1_500, 20_000), either(1_000, Integer.MAX_VALUE), 0, 200, either(36, 10_000)))
                    .withRetention(new LogSettings.Retention(true, either(-1, 8_000), either(-1, 6_000), 500))
                    .withProducerExpirationMs(Long.MAX_VALUE / 2);
            this.log = open();
        }

        private int either(int one, int other) {
            return random.nextBoolean() ? one : other;
        }

        void step() throws IOException {
            nowMs += random.nextInt(100);
            switch (random.nextInt(20)) {
                case 0 -> log.flush();
                case 1 -> {
                    log.flush();
                    log.tidy();
                }
                case 2 -> checkpoint();
                case 3 -> retain();
                case 4 -> deleteRecords();
                case 5, 6 -> search();
                case 7, 8, 9, 10 -> requireRead(someOffset(), random.nextInt(3_000));
                case 11 -> reopen();
                default -> append();
            }
            assertThat(log.logEndOffset()).isEqualTo(expected.endOffset());
        }

        private void append() throws IOException {
            int producerId = random.nextInt(-1, sequences.length);
            int sequence = producerId < 0 ? -1 : sequences[producerId];
            var codec = CODECS.get(random.nextInt(CODECS.size()));
            var entry = LogExpectation.batch(random, codec, nowMs - random.nextInt(300), producerId, sequence);
            if (producerId >= 0) {
                sequences[producerId] += entry.timestamps().size();
            }
            assertThat(log.producers().check(entry.batch())).isEqualTo(new ProducerVerdict.InSequence());
            assertThat(log.append(entry.batch(), LEADER_EPOCH)).isEqualTo(expected.endOffset());
            expected.add(entry);
        }

        private void checkpoint() throws IOException {
            log.upkeep().checkpoint(log.upkeep().now());
            directory.writeRecoveryPoint(log);
        }

        private void retain() throws IOException {
            long start = log.upkeep().retainFrom(nowMs);
            assertThat(start).isEqualTo(expectedStart());
            startAt(start);
        }

        private void deleteRecords() throws IOException {
            startAt(someOffset());
        }

        private void startAt(long start) throws IOException {
            log.upkeep().startAt(start);
            log.flush();
            directory.writeLogStart(log);
            log.upkeep().removeSegments(nowMs);
            log.upkeep().purge(nowMs);
            assertThat(log.logStartOffset()).isEqualTo(start);
            if (start > 0) {
                assertThatExceptionOfType(IllegalArgumentException.class).isThrownBy(() -> log.read(start - 1, 1));
            }
        }

        /// Behind the oldest segments, as long as one is too old or the others are enough.
        private long expectedStart() {
            var rules = settings.retention();
            long start = log.logStartOffset();
            long left = log.sizeInBytes();
            for (var segment : log.segments()) {
                left -= segment.sizeInBytes();
                long greatest = expected.entries().stream()
                        .map(LogExpectation.Entry::batch)
                        .filter(batch -> batch.baseOffset() >= segment.baseOffset()
                                && batch.nextOffset() <= segment.nextOffset())
                        .mapToLong(RecordBatch::maxTimestamp)
                        .max()
                        .orElse(Long.MAX_VALUE);
                boolean old = rules.ms() >= 0 && greatest < nowMs - rules.ms();
                boolean surplus = rules.bytes() >= 0 && left >= rules.bytes();
                boolean before = segment.nextOffset() <= log.logStartOffset();
                if (segment.sizeInBytes() == 0 || !(old || surplus || before)) {
                    return start;
                }
                start = Math.max(start, segment.nextOffset());
            }
            return start;
        }

        private long someOffset() {
            return random.nextLong(log.logStartOffset(), expected.endOffset() + 1);
        }

        private void search() throws IOException {
            long start = log.logStartOffset();
            long time = nowMs - random.nextInt(4_000);
            assertThat(log.timestamps().findFirstFrom(time)).isEqualTo(expected.firstFrom(time, start, _ -> true));
            assertThat(log.timestamps().findGreatest()).isEqualTo(expected.greatest(start, _ -> true));
        }

        void requireRead(long offset, int maxBytes) throws IOException {
            var found = new ArrayList<RecordBatch>();
            log.read(offset, maxBytes).batches().forEach(found::add);
            var wanted = expected.entries().stream()
                    .map(LogExpectation.Entry::batch)
                    .filter(batch -> batch.lastOffset() >= offset)
                    .toList();
            assertThat(found.isEmpty()).isEqualTo(wanted.isEmpty());
            for (int i = 0; i < found.size(); i++) {
                LogExpectation.requireSame(found.get(i), wanted.get(i));
            }
            int size = found.stream().mapToInt(RecordBatch::sizeInBytes).sum();
            assertThat(found.size() <= 1 || size <= maxBytes).isTrue();
        }

        /// In order or not; the machine stays on.
        void reopen() throws IOException {
            long start = log.logStartOffset();
            if (random.nextBoolean()) {
                log.upkeep().finish(log.upkeep().now());
                log.close();
                directory.writeRecoveryPoint(log);
                directory.writeLogStart(log);
                directory.markCleanlyStopped();
            }
            disk.kill();
            log = open();
            assertThat(log.logStartOffset()).isEqualTo(start);
            assertThat(log.damagedRanges()).isEmpty();
            search();
        }

        private PartitionLog open() throws IOException {
            return PartitionLog.open(
                    new PartitionLog.Location(disk, SimulatedLogDirectory.PARTITION),
                    settings,
                    directory.marks(LEADER_EPOCH),
                    () -> Instant.ofEpochMilli(nowMs),
                    new RecoveryProgress());
        }
    }
}
