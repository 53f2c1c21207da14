package io.vitrine.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.log.CompactionSource.LastRecord;
import io.vitrine.record.Codec;
import io.vitrine.record.RecordBatch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestException;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.server.common.RequestLocal;
import org.apache.kafka.server.util.KafkaScheduler;
import org.apache.kafka.storage.internals.log.AppendOrigin;
import org.apache.kafka.storage.internals.log.Cleaner;
import org.apache.kafka.storage.internals.log.LogConfig;
import org.apache.kafka.storage.internals.log.LogDirFailureChannel;
import org.apache.kafka.storage.internals.log.LogToClean;
import org.apache.kafka.storage.internals.log.ProducerStateManagerConfig;
import org.apache.kafka.storage.internals.log.SkimpyOffsetMap;
import org.apache.kafka.storage.internals.log.UnifiedLog;
import org.apache.kafka.storage.internals.log.VerificationGuard;
import org.apache.kafka.storage.internals.utils.Throttler;
import org.apache.kafka.storage.log.metrics.BrokerTopicStats;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/// Apache Kafka's cleaner and ours, given the same log, write the same batches, byte for byte. Ours may have more
/// batches without records: the last one of a file always stays.
class KafkaCleanerTests {
    private static final long RETENTION_MS = 1000;
    private static final long NOW = KeyedBatches.TIMESTAMP + 50_000;
    private static final int SEGMENT_BYTES = 1024 * 1024;
    private static final int BUFFER_BYTES = 64 * 1024;
    private static final int ROUNDS = 4;
    static final List<Long> SEEDS = List.of(1L, 2L, 3L, 4L, 5L, 6L);

    @TempDir
    Path root;

    private final KafkaScheduler scheduler = new KafkaScheduler(1);
    private final Map<Long, Integer> sequences = new HashMap<>();
    private final Set<Long> openTransactions = new HashSet<>();

    @BeforeEach
    void start() {
        scheduler.startup();
    }

    @AfterEach
    void stop() throws InterruptedException {
        scheduler.shutdown();
    }

    @ParameterizedTest(name = "seed {0}")
    @FieldSource("SEEDS")
    void writesWhatKafkasCleanerWrites(long seed)
            throws IOException, DigestException, NoSuchAlgorithmException, InterruptedException {
        var random = new Random(seed);
        var theirs = open(root.resolve("topic-0"));
        var ours = new SampleLog(new LocalDisk(), root.resolve("ours"));
        long dirty = 0;
        for (int round = 0; round < ROUNDS; round++) {
            long nowMs = NOW + round * RETENTION_MS * 2 / 3;
            write(theirs, ours, random);
            theirs.updateHighWatermark(theirs.logEndOffset());
            long end = ours.nextOffset();
            assertThat(end).isEqualTo(theirs.logEndOffset());
            noteTransactions(theirs, ours);

            var cleaned = compaction().run(ours, ours.range(dirty), settings(), nowMs);
            long theirDirty = cleaner()
                    .doClean(new LogToClean(theirs, dirty, end, false), nowMs)
                    .getKey();

            assertThat(cleaned.nextDirtyOffset()).isEqualTo(theirDirty).isEqualTo(end);
            assertThat(withRecords(ours.batches())).isEqualTo(withRecords(batches(theirs)));
            assertThat(empty(ours.batches())).containsAll(empty(batches(theirs)));
            assertThat(new HashSet<>(ours.aborted)).isEqualTo(new HashSet<>(aborted(theirs)));
            dirty = theirDirty;
        }
        ours.close();
        theirs.close();
    }

    private void write(UnifiedLog theirs, SampleLog ours, Random random) throws IOException {
        for (int i = 0; i < 40; i++) {
            long producerId = random.nextInt(3);
            var batch = batch(producerId, random);
            append(theirs, batch);
            ours.append(batch);
            if (random.nextInt(8) == 0) {
                theirs.roll();
                ours.roll();
            }
        }
        for (long producerId : List.copyOf(openTransactions)) {
            var batch = end(producerId, random);
            append(theirs, batch);
            ours.append(batch);
        }
        theirs.roll();
        ours.roll();
    }

    private static void append(UnifiedLog log, ByteBuffer batch) {
        var records = MemoryRecords.readableRecords(copy(batch));
        boolean marker = RecordBatch.at(batch, 0).attributes().isControl();
        var origin = marker ? AppendOrigin.COORDINATOR : AppendOrigin.CLIENT;
        short transactionVersion = 1;
        log.appendAsLeader(
                records, 7, origin, RequestLocal.noCaching(), VerificationGuard.SENTINEL, transactionVersion);
    }

    private ByteBuffer batch(long producerId, Random random) {
        if (openTransactions.contains(producerId) && random.nextInt(3) == 0) {
            return end(producerId, random);
        }
        var records = new String[1 + random.nextInt(4)];
        for (int at = 0; at < records.length; at++) {
            var key = "k" + random.nextInt(40);
            records[at] = random.nextInt(4) == 0 ? key : key + "=" + random.nextLong();
        }
        var codec = Codec.find(random.nextInt(5)).orElseThrow();
        if (!openTransactions.contains(producerId) && random.nextInt(3) == 0) {
            return KeyedBatches.of(codec, records);
        }
        int sequence = sequences.merge(producerId, records.length, Integer::sum) - records.length;
        if (openTransactions.contains(producerId) || random.nextInt(3) == 0) {
            openTransactions.add(producerId);
            return KeyedBatches.transactional(producerId, sequence, records);
        }
        return KeyedBatches.idempotent(codec, producerId, sequence, records);
    }

    private ByteBuffer end(long producerId, Random random) {
        openTransactions.remove(producerId);
        return random.nextBoolean() ? KeyedBatches.abort(producerId) : KeyedBatches.commit(producerId);
    }

    private static void noteTransactions(UnifiedLog theirs, SampleLog ours) throws IOException {
        ours.aborted.clear();
        ours.aborted.addAll(aborted(theirs));
        theirs.lastRecordsOfActiveProducers().forEach((producerId, last) -> {
            long offset = last.lastDataOffset().orElse(LastRecord.NO_DATA);
            ours.lastRecords.put(producerId, new LastRecord(offset, last.producerEpoch()));
        });
    }

    private static List<AbortedTransaction> aborted(UnifiedLog log) throws IOException {
        var found = new ArrayList<AbortedTransaction>();
        for (var one : log.collectAbortedTransactions(0, log.logEndOffset())) {
            found.add(new AbortedTransaction(
                    one.producerId(), one.firstOffset(), one.lastOffset(), one.lastStableOffset()));
        }
        return found;
    }

    private static List<ByteBuffer> withRecords(List<MutableRecordBatch> batches) {
        return batches.stream()
                .filter(batch -> batch.countOrNull() > 0)
                .map(KafkaCleanerTests::bytes)
                .toList();
    }

    private static List<ByteBuffer> empty(List<MutableRecordBatch> batches) {
        return batches.stream()
                .filter(batch -> batch.countOrNull() == 0)
                .map(KafkaCleanerTests::bytes)
                .toList();
    }

    private static ByteBuffer bytes(MutableRecordBatch batch) {
        var bytes = ByteBuffer.allocate(batch.sizeInBytes());
        batch.writeTo(bytes);
        return bytes.flip();
    }

    private static List<MutableRecordBatch> batches(UnifiedLog log) throws IOException {
        var batches = new ArrayList<MutableRecordBatch>();
        for (var segment : log.logSegments()) {
            var bytes = ByteBuffer.wrap(Files.readAllBytes(segment.log().file().toPath()));
            MemoryRecords.readableRecords(bytes).batches().forEach(batches::add);
        }
        return batches;
    }

    private UnifiedLog open(Path directory) throws IOException {
        Files.createDirectories(directory);
        var config = new LogConfig(Map.of(
                "cleanup.policy",
                "compact",
                "delete.retention.ms",
                RETENTION_MS,
                "segment.bytes",
                SEGMENT_BYTES,
                "message.timestamp.before.max.ms",
                Long.MAX_VALUE,
                "message.timestamp.after.max.ms",
                Long.MAX_VALUE));
        return UnifiedLog.create(
                directory.toFile(),
                config,
                0,
                0,
                scheduler,
                new BrokerTopicStats(false),
                Time.SYSTEM,
                900_000,
                new ProducerStateManagerConfig(86_400_000, false),
                600_000,
                new LogDirFailureChannel(1),
                true,
                Optional.of(Uuid.randomUuid()));
    }

    private static Cleaner cleaner() throws NoSuchAlgorithmException {
        var throttler = new Throttler(Double.MAX_VALUE, 300, "throttle", "bytes", Time.SYSTEM);
        var keys = new SkimpyOffsetMap(100_000);
        return new Cleaner(0, keys, BUFFER_BYTES, 10 * BUFFER_BYTES, 0.9, throttler, Time.SYSTEM, _ -> {});
    }

    private static Compaction compaction() {
        return new Compaction(new KeyOffsets(100_000), BUFFER_BYTES, 1_000_000, Throttle.NONE);
    }

    private static LogSettings settings() {
        return LogSettings.DEFAULTS
                .withSegmentBytes(SEGMENT_BYTES)
                .withCompaction(new LogSettings.Compaction(true, 0.5, 0, Long.MAX_VALUE, RETENTION_MS));
    }

    private static ByteBuffer copy(ByteBuffer bytes) {
        return ByteBuffer.allocate(bytes.remaining()).put(bytes.duplicate()).flip();
    }
}
