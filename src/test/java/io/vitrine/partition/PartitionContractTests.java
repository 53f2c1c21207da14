package io.vitrine.partition;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.log.Disk;
import io.vitrine.log.LogDirectory;
import io.vitrine.log.LogSettings;
import io.vitrine.log.OpeningMarks;
import io.vitrine.log.PartitionLog;
import io.vitrine.log.RecoveryProgress;
import io.vitrine.metadata.TopicPartition;
import io.vitrine.record.BatchSlice;
import io.vitrine.record.Batches;
import io.vitrine.record.RecordBatch;
import io.vitrine.record.Refusal;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What whoever appends to a partition and reads from it may rely on, whatever holds its log.
abstract class PartitionContractTests {
    private static final TopicPartition NAME = new TopicPartition("orders", 0);
    private static final int WRITERS = 4;
    private static final int BATCHES_EACH = 60;
    private static final LogSettings SETTINGS =
            LogSettings.DEFAULTS.withSegments(new LogSettings.Segments(4_000, Long.MAX_VALUE, 0, 300, 10_000));

    @TempDir
    Path directory;

    GroupCommit groupCommit;
    Partition partition;
    private LogDirectory logDirectory;

    /// The disk that holds the log, and where on it.
    abstract Disk disk();

    abstract Path place();

    @BeforeEach
    void start() throws IOException {
        logDirectory = LogDirectory.open(directory);
        groupCommit = new GroupCommit(2);
        partition = open();
    }

    @AfterEach
    void stop() throws IOException {
        groupCommit.close();
        try {
            partition.storage().close();
        } finally {
            logDirectory.close();
        }
    }

    final Partition open() throws IOException {
        var log = PartitionLog.open(
                new PartitionLog.Location(disk(), place()),
                SETTINGS,
                OpeningMarks.UNKNOWN,
                () -> Instant.ofEpochMilli(Batches.TIMESTAMP),
                new RecoveryProgress());
        var clock = Clock.fixed(Instant.ofEpochMilli(Batches.TIMESTAMP), ZoneOffset.UTC);
        return Partition.online(
                new Partition.Place(NAME, Uuid.randomUuid(), logDirectory, clock, groupCommit),
                TopicRules.KAFKA_DEFAULTS.batchRules(Map.of()),
                log);
    }

    @Test
    void appendsAreAnsweredInTheOrderOfTheirOffsetsWhenTheyAreDurable() throws Exception {
        var answers = new ArrayList<CompletableFuture<AppendOutcome>>();
        var checks = new ArrayList<CompletableFuture<Void>>();
        for (int i = 0; i < 200; i++) {
            var earlier = List.copyOf(answers);
            long offset = 2L * i;
            var answer = append(Batches.of("a", "b"), Durability.DISK);
            answers.add(answer);
            checks.add(answer.thenAccept(outcome -> {
                assertThat(outcome).isEqualTo(new AppendOutcome.Appended(offset, -1, 0));
                assertThat(earlier).allMatch(CompletableFuture::isDone);
                assertThat(partition.findOffsets().orElseThrow().durableOffset())
                        .isGreaterThanOrEqualTo(offset + 2);
            }));
        }

        for (var check : checks) {
            check.get(1, TimeUnit.MINUTES);
        }
    }

    @Test
    void whatIsNotDurableIsAnsweredAtOnceAndCanBeRead() {
        var answer = append(Batches.of("a"), Durability.PAGE_CACHE);

        assertThat(answer).isCompletedWithValue(new AppendOutcome.Appended(0, -1, 0));
        assertThat(baseOffsets(0, 100)).containsExactly(0L);
    }

    @Test
    void aRetryGetsTheFirstOffsetAndAGapIsRefused() throws Exception {
        append(Batches.idempotent(7, 0, 0, "a"), Durability.DISK).get();

        assertThat(append(Batches.idempotent(7, 0, 0, "a"), Durability.DISK).get())
                .isEqualTo(new AppendOutcome.Duplicate(0, Batches.TIMESTAMP, 0));
        assertThat(reasonOf(append(Batches.idempotent(7, 0, 9, "x"), Durability.DISK)))
                .isEqualTo(Refusal.Reason.OUT_OF_ORDER_SEQUENCE);
        assertThat(partition.findOffsets().orElseThrow().logEndOffset()).isEqualTo(1);
    }

    @Test
    void nothingOfAnUnsoundBatchIsWritten() throws Exception {
        var damaged = Batches.of("a");
        damaged.put(RecordBatch.RECORDS, (byte) 77);

        assertThat(append(damaged, Durability.DISK).get()).isInstanceOf(AppendOutcome.Refused.class);
        assertThat(append(null, Durability.DISK).get()).isInstanceOf(AppendOutcome.Refused.class);
        assertThat(partition.sizeInBytes()).isZero();
    }

    @Test
    void aReadBeginsWithTheBatchThatHoldsTheOffsetHoweverLargeItIs() throws Exception {
        append(Batches.of("0", "1", "2"), Durability.DISK).get();
        append(Batches.of("3", "x".repeat(3_000)), Durability.DISK).get();
        append(Batches.of("5"), Durability.DISK).get();

        assertThat(baseOffsets(1, 10_000)).startsWith(0L, 3L);
        assertThat(baseOffsets(4, 1)).containsExactly(3L);
        assertThat(baseOffsets(5, 0)).containsExactly(5L);
        assertThat(baseOffsets(6, 100)).isEmpty();
    }

    @Test
    void anOffsetThatTheLogDoesNotHoldIsNamedWithTheMarks() {
        append(Batches.of("a"), Durability.PAGE_CACHE);

        for (long offset : new long[] {-1, 2, Long.MAX_VALUE}) {
            assertThat(partition.read(offset, 100))
                    .isEqualTo(new ReadOutcome.OutOfRange<>(
                            offset, partition.findOffsets().orElseThrow()));
        }
    }

    @Test
    void readersSeeWholeBatchesInOrderWhileManyAppend() throws Exception {
        var running = new AtomicInteger(WRITERS);
        var tasks = new ArrayList<Callable<Integer>>();
        for (int i = 0; i < WRITERS; i++) {
            var value = "writer-" + i;
            tasks.add(() -> appendMany(value, running));
        }
        for (int i = 0; i < 2; i++) {
            var random = new Random(i);
            tasks.add(() -> readWhile(running, random));
        }

        try (var executor = Executors.newFixedThreadPool(tasks.size())) {
            for (var done : executor.invokeAll(tasks)) {
                assertThat(done.get()).isPositive();
            }
        }
        assertThat(partition.findOffsets().orElseThrow().logEndOffset()).isEqualTo(3L * WRITERS * BATCHES_EACH);
    }

    @Test
    void afterTheEndEveryAppendSaysSo() throws Exception {
        partition.storage().close();

        assertThat(append(Batches.of("late"), Durability.PAGE_CACHE).get())
                .isInstanceOf(AppendOutcome.StorageFailed.class);
    }

    @Test
    void noAnswerHoldsAPathOrAChannel() {
        Stream.of(AppendOutcome.class, ReadOutcome.class)
                .flatMap(type -> Stream.of(type.getPermittedSubclasses()))
                .forEach(PartitionContractTests::requirePlainData);
    }

    final CompletableFuture<AppendOutcome> append(@Nullable ByteBuffer batch, Durability durability) {
        return partition.append(batch, durability, true);
    }

    final List<RecordBatch> batches(long offset, int maxBytes) {
        var read = (ReadOutcome.Batches<BatchSlice>) partition.read(offset, maxBytes);
        var found = new ArrayList<RecordBatch>();
        int size = 0;
        for (var batch : read.slice().batches()) {
            assertThat(batch.crc()).isEqualTo(batch.computedCrc());
            size += batch.sizeInBytes();
            found.add(batch);
        }
        assertThat(read.slice().bytes().remaining()).as("whole batches").isEqualTo(size);
        return found;
    }

    private List<Long> baseOffsets(long offset, int maxBytes) {
        return batches(offset, maxBytes).stream().map(RecordBatch::baseOffset).toList();
    }

    private int appendMany(String value, AtomicInteger running) throws Exception {
        try {
            long last = -1;
            for (int i = 0; i < BATCHES_EACH; i++) {
                var durability = i % 2 == 0 ? Durability.DISK : Durability.PAGE_CACHE;
                var outcome =
                        append(Batches.of(value, value, value), durability).get(1, TimeUnit.MINUTES);
                long offset = ((AppendOutcome.Appended) outcome).baseOffset();
                assertThat(offset).isGreaterThan(last);
                last = offset;
            }
            return BATCHES_EACH;
        } finally {
            running.decrementAndGet();
        }
    }

    private int readWhile(AtomicInteger running, Random random) {
        int reads = 0;
        do {
            long end = partition.findOffsets().orElseThrow().logEndOffset();
            long offset = random.nextLong(end + 1);
            long next = offset;
            for (var batch : batches(offset, random.nextInt(2_000))) {
                assertThat(next).isBetween(batch.baseOffset(), batch.lastOffset());
                next = batch.nextOffset();
            }
            assertThat(offset == end || next > offset).isTrue();
            reads++;
        } while (running.get() > 0);
        return reads;
    }

    private static Refusal.Reason reasonOf(CompletableFuture<AppendOutcome> answer) {
        return ((AppendOutcome.Refused) answer.join()).refusal().reason();
    }

    private static void requirePlainData(Class<?> type) {
        for (var component : type.getRecordComponents()) {
            assertThat(component.getType().getName())
                    .as("%s.%s", type.getSimpleName(), component.getName())
                    .doesNotStartWith("java.nio.file")
                    .doesNotStartWith("java.nio.channels")
                    .doesNotStartWith("java.io");
            if (component.getType().isRecord()) {
                requirePlainData(component.getType());
            }
        }
    }
}
