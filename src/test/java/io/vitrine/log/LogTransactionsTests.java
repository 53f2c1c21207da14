package io.vitrine.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.record.Batches;
import io.vitrine.record.EndMarker;
import io.vitrine.record.RecordBatch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Transactions in the log of one partition: what is stable, what was aborted, and what remains of that when the log
/// is closed, killed, or loses its indexes. Kafka's own log is asked the same questions about the same files.
class LogTransactionsTests {
    private static final int LEADER_EPOCH = 3;
    private static final int COORDINATOR_EPOCH = 4;
    private static final int PRODUCERS = 4;
    private static final LogSettings SETTINGS =
            LogSettings.DEFAULTS.withSegments(new LogSettings.Segments(1500, Long.MAX_VALUE, 0, 200, 10_000));
    static final List<Long> SEEDS = List.of(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L);

    @TempDir
    Path directory;

    private final int[] sequences = new int[PRODUCERS];
    private TransactionLogModel model = new TransactionLogModel();

    @SuppressWarnings("NullAway.Init")
    private PartitionLog log;

    @Test
    void whatIsOpenIsNotStableAndWhatWasAbortedIsNotForReadersOfCommittedData() throws IOException {
        log = open(OpeningMarks.UNKNOWN);
        write(0, "zero");
        write(1, "one");
        end(1, false);

        assertThat(log.offsets().lastStableOffset()).isZero();
        assertThat(log.fetches().readCommitted(0, 10_000).isEmpty()).isTrue();
        end(0, true);
        var slice = log.fetches().readCommitted(0, 10_000);
        assertThat(log.offsets().lastStableOffset()).isEqualTo(4);
        assertThat(slice.aborted()).containsExactly(new AbortedTransaction(1, 1, 2, 0));
        assertThat(new CommittedReader(log, 10_000).valuesFrom(0)).containsExactly("0=zero");
        log.close();
    }

    @Test
    void aMarkerOfAnOlderEpochOrAnOlderCoordinatorIsJudgedAsKafkaDoes() throws IOException {
        log = open(OpeningMarks.UNKNOWN);
        write(0, "zero");
        var commit = new EndMarker(true, COORDINATOR_EPOCH);

        assertThat(judge(commit, 0, 1)).isInstanceOf(ProducerVerdict.InSequence.class);
        assertThat(judge(commit, 0, 2)).isEqualTo(new ProducerVerdict.OldEpoch(0, (short) 0, (short) 0));
        assertThat(judge(commit, 1, 2)).isInstanceOf(ProducerVerdict.InSequence.class);
        end(0, true);
        assertThat(judge(commit, 0, 2)).isInstanceOf(ProducerVerdict.InSequence.class);
        assertThat(judge(new EndMarker(true, COORDINATOR_EPOCH - 1), 0, 1))
                .isEqualTo(new ProducerVerdict.OldCoordinator(0, COORDINATOR_EPOCH, COORDINATOR_EPOCH - 1));
        log.close();
    }

    @ParameterizedTest(name = "seed {0}")
    @FieldSource("SEEDS")
    void readersOfCommittedDataSeeWhatTheModelSees(long seed) throws IOException {
        var random = new Random(seed);
        model = new TransactionLogModel();
        log = open(OpeningMarks.UNKNOWN);

        for (int step = 0; step < 300; step++) {
            doSomething(random);
            check(random, "seed %d, step %d".formatted(seed, step));
        }

        log.upkeep().finish(log.upkeep().now());
        log.close();
        compareWithKafka();
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {7, 8, 11})
    void kafkaMakesTheSameIndexesOfTheSameLog(long seed) throws IOException {
        var random = new Random(seed);
        log = open(OpeningMarks.UNKNOWN);
        for (int step = 0; step < 300; step++) {
            int producer = random.nextInt(PRODUCERS);
            switch (random.nextInt(10)) {
                case 0, 1 -> write(-1, "x".repeat(random.nextInt(200)));
                case 2, 3, 4, 5, 6 -> write(producer, "y".repeat(random.nextInt(200)));
                case 7, 8 -> end(producer, random.nextInt(3) == 0);
                default -> reopen(random.nextBoolean(), random);
            }
        }
        // What was deleted is made anew for those who read.
        assertThat(new CommittedReader(log, 10_000).valuesFrom(0)).isEqualTo(model.committedFrom(0));
        log.upkeep().finish(log.upkeep().now());

        var theirs = copy("kafkas/orders-0");
        try (var kafka = new KafkaLog(theirs, Map.of("segment.bytes", "1048576"))) {
            kafka.log().updateHighWatermark(kafka.log().logEndOffset());
            assertThat(kafka.log().lastStableOffset()).isEqualTo(log.offsets().lastStableOffset());
            for (int i = 0; i < 50; i++) {
                long from = random.nextLong(model.endOffset());
                long to = from + 1 + random.nextInt(40);
                assertThat(log.fetches().abortedIn(from, to))
                        .as("%d to %d", from, to)
                        .isEqualTo(kafka.log().collectAbortedTransactions(from, to).stream()
                                .map(one -> new AbortedTransaction(
                                        one.producerId(), one.firstOffset(), one.lastOffset(), one.lastStableOffset()))
                                // Asked in this way, it begins with the segment.
                                .filter(one -> one.lastOffset() >= from)
                                .toList());
            }
        }
        // It was no orderly stop for Kafka, so it has made them anew.
        assertThat(transactionIndexes(theirs))
                .isNotEmpty()
                .isEqualTo(transactionIndexes(directory.resolve("orders-0")));
        log.close();
    }

    /// The bytes of those that have any, by name.
    private static Map<String, String> transactionIndexes(Path of) throws IOException {
        var found = new TreeMap<String, String>();
        try (var files = Files.newDirectoryStream(of, "*.txnindex")) {
            for (var file : files) {
                if (Files.size(file) > 0) {
                    found.put(file.getFileName().toString(), HexFormat.of().formatHex(Files.readAllBytes(file)));
                }
            }
        }
        return found;
    }

    private void doSomething(Random random) throws IOException {
        int producer = random.nextInt(PRODUCERS);
        switch (random.nextInt(20)) {
            case 0, 1, 2 -> write(-1, "x".repeat(random.nextInt(200)));
            case 3, 4, 5, 6, 7, 8, 9, 10 -> write(producer, "y".repeat(random.nextInt(200)));
            case 11, 12, 13, 14 -> end(producer, random.nextBoolean());
            case 15 -> {
                log.flush();
                log.tidy();
            }
            case 16 -> log.upkeep().checkpoint(log.upkeep().now());
            case 17 -> {
                long start = model.startOffset() + random.nextInt(5);
                if (start <= log.logEndOffset()) {
                    log.upkeep().startAt(start);
                    model.startAt(start);
                    log.upkeep().removeSegments(0);
                }
            }
            case 18 -> reopen(false, random);
            default -> reopen(true, random);
        }
    }

    private void check(Random random, String when) throws IOException {
        assertThat(log.offsets().lastStableOffset()).as(when).isEqualTo(model.stableOffset());
        long start = model.startOffset();
        long from = start + random.nextLong(Math.max(1, model.endOffset() - start));
        assertThat(new CommittedReader(log, 100 + random.nextInt(2000)).valuesFrom(from))
                .as(when)
                .isEqualTo(model.committedFrom(from));
    }

    private void reopen(boolean cleanly, Random random) throws IOException {
        if (cleanly) {
            log.upkeep().finish(log.upkeep().now());
        }
        long recoveryPoint = log.upkeep().recoveryPoint();
        var marks = new OpeningMarks(cleanly, recoveryPoint, log.logStartOffset(), LEADER_EPOCH);
        log.close();
        if (random.nextInt(3) == 0) {
            loseIndexes(random);
        }
        log = open(marks);
    }

    /// All of a segment's: what is missing alone can't be seen to be.
    private void loseIndexes(Random random) throws IOException {
        var files = new LogFiles(new LocalDisk(), directory.resolve("orders-0"));
        for (var base : files.offsets(LogFiles.LOG)) {
            if (random.nextBoolean()) {
                for (var suffix : List.of(LogFiles.OFFSET_INDEX, LogFiles.TIME_INDEX, LogFiles.TRANSACTION_INDEX)) {
                    Files.deleteIfExists(files.path(base, suffix));
                }
            }
        }
    }

    private void write(int producer, String value) throws IOException {
        ByteBuffer bytes;
        if (producer < 0) {
            bytes = Batches.of(value);
        } else {
            bytes = Batches.transactional(producer, 0, sequences[producer]++, value);
        }
        var batch = RecordBatch.at(bytes, 0);
        assertThat(log.producers().check(batch)).isInstanceOf(ProducerVerdict.InSequence.class);
        log.append(batch, LEADER_EPOCH);
        model.append(value, producer);
    }

    private void end(int producer, boolean commit) throws IOException {
        var marker = new EndMarker(commit, COORDINATOR_EPOCH);
        log.append(RecordBatch.at(marker.batch(producer, (short) 0, Batches.TIMESTAMP), 0), LEADER_EPOCH);
        model.end(producer, commit);
    }

    private ProducerVerdict judge(EndMarker marker, int epoch, int transactionVersion) {
        var batch = RecordBatch.at(marker.batch(0, (short) epoch, Batches.TIMESTAMP), 0);
        return log.producers().checkMarker(batch, marker, (short) transactionVersion);
    }

    private PartitionLog open(OpeningMarks marks) throws IOException {
        var location = new PartitionLog.Location(new LocalDisk(), directory.resolve("orders-0"));
        return PartitionLog.open(
                location, SETTINGS, marks, () -> Instant.ofEpochMilli(Batches.TIMESTAMP), new RecoveryProgress());
    }

    /// Kafka opens a copy of the files, once as they are and once without any index, so that it makes them anew.
    private void compareWithKafka() throws IOException {
        var asIs = copy("as-is/orders-0");
        try (var kafka = new KafkaLog(asIs, Map.of("segment.bytes", "1048576"))) {
            assertThat(kafka.log().logEndOffset()).isEqualTo(model.endOffset());
            kafka.log().updateHighWatermark(kafka.log().logEndOffset());
            assertThat(kafka.log().lastStableOffset()).isEqualTo(Math.max(model.stableOffset(), 0));
        }
        log = open(new OpeningMarks(true, model.endOffset(), model.startOffset(), LEADER_EPOCH));
        assertThat(new CommittedReader(log, 10_000).valuesFrom(model.startOffset()))
                .isEqualTo(model.committedFrom(model.startOffset()));
        log.close();
    }

    private Path copy(String name) throws IOException {
        var from = directory.resolve("orders-0");
        var to = directory.resolve(name);
        Files.walkFileTree(from, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                var target = to.resolve(from.relativize(file));
                Files.createDirectories(target.getParent());
                Files.copy(file, target);
                return FileVisitResult.CONTINUE;
            }
        });
        return to;
    }
}
