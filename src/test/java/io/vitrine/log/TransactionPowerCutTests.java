package io.vitrine.log;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.vitrine.record.Batches;
import io.vitrine.record.EndMarker;
import io.vitrine.record.RecordBatch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;

/// Whatever the loss of power leaves of a log: what was aborted in it stays aborted, and what is open is not stable.
class TransactionPowerCutTests {
    private static final Logger LOGGER = (Logger) LoggerFactory.getLogger("io.vitrine.log");
    private static final int LEADER_EPOCH = 3;
    private static final int PRODUCERS = 3;
    private static final int STEPS = 400;
    private static final LogSettings SETTINGS =
            LogSettings.DEFAULTS.withSegments(new LogSettings.Segments(1200, Long.MAX_VALUE, 0, 200, 10_000));

    private SimulatedDisk disk = new SimulatedDisk(0);

    @SuppressWarnings("NullAway.Init")
    private SimulatedLogDirectory directory;

    private TransactionLogModel model = new TransactionLogModel();

    @SuppressWarnings("NullAway.Init")
    private PartitionLog log;

    private int[] sequences = new int[PRODUCERS];
    private long acknowledged;

    @BeforeAll
    static void beQuiet() {
        LOGGER.setLevel(Level.OFF);
    }

    @AfterAll
    static void beHeard() {
        LOGGER.setLevel(null);
    }

    static LongStream seeds() {
        return LongStream.rangeClosed(1, 30);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void whatWasAbortedStaysAborted(long seed) throws IOException {
        var random = new Random(seed);
        begin(seed);
        int cuts = 0;

        for (int step = 0; step < STEPS; step++) {
            if (doSomething(random)) {
                cuts++;
                if (!log.damagedRanges().isEmpty()) {
                    // Somewhere in the middle: nobody can say what became of the transactions there.
                    begin(seed + 1000L * step);
                }
            }
            check(random, "seed %d, step %d".formatted(seed, step));
        }

        assertThat(cuts).isPositive();
        disk.kill();
    }

    private void begin(long seed) throws IOException {
        disk = new SimulatedDisk(seed);
        directory = new SimulatedLogDirectory(disk);
        model = new TransactionLogModel();
        sequences = new int[PRODUCERS];
        acknowledged = 0;
        log = open();
    }

    /// Returns whether the power was cut.
    private boolean doSomething(Random random) throws IOException {
        int producer = random.nextInt(PRODUCERS);
        int what = random.nextInt(100);
        if (what < 15) {
            append(Batches.of("plain"), -1, "plain");
        } else if (what < 50) {
            append(Batches.transactional(producer, 0, sequences[producer]++, "v"), producer, "v");
        } else if (what < 75) {
            boolean commit = random.nextBoolean();
            var marker = new EndMarker(commit, 0).batch(producer, (short) 0, Batches.TIMESTAMP);
            log.append(RecordBatch.at(marker, 0), LEADER_EPOCH);
            model.end(producer, commit);
        } else if (what < 83) {
            acknowledged = log.flush();
        } else if (what < 87) {
            acknowledged = log.flush();
            log.tidy();
        } else if (what < 92) {
            log.upkeep().checkpoint(log.upkeep().now());
            acknowledged = log.offsets().durableOffset();
            directory.writeRecoveryPoint(log);
        } else if (what < 96) {
            disk.kill();
            log = open();
        } else {
            disk.cutPower();
            log = open();
            assertThat(log.logEndOffset()).isGreaterThanOrEqualTo(acknowledged);
            model.truncateTo(log.logEndOffset());
            forgetLostSequences();
            return true;
        }
        return false;
    }

    private void append(ByteBuffer bytes, int producer, String value) throws IOException {
        log.append(RecordBatch.at(bytes, 0), LEADER_EPOCH);
        model.append(value, producer);
    }

    /// What was lost is sent again by nobody: producers go on with what the log expects.
    private void forgetLostSequences() {
        sequences = new int[PRODUCERS];
        for (var known : log.producers().list()) {
            sequences[(int) known.producerId()] = known.lastSequence() + 1;
        }
    }

    private void check(Random random, String when) throws IOException {
        assertThat(log.offsets().lastStableOffset()).as(when).isEqualTo(model.stableOffset());
        long from = random.nextLong(model.endOffset() + 1);
        assertThat(new CommittedReader(log, 100 + random.nextInt(2000)).valuesFrom(from))
                .as(when)
                .isEqualTo(model.committedFrom(from));
    }

    private PartitionLog open() throws IOException {
        return PartitionLog.open(
                new PartitionLog.Location(disk, SimulatedLogDirectory.PARTITION),
                SETTINGS,
                directory.marks(LEADER_EPOCH),
                () -> Instant.ofEpochMilli(Batches.TIMESTAMP),
                new RecoveryProgress());
    }
}
