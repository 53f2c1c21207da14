package io.vitrine.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.log.SampleLog.Stored;
import io.vitrine.record.Codec;
import io.vitrine.record.RecordBatch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Random;
import java.util.TreeMap;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.jspecify.annotations.Nullable;

/// A partition log that is compacted, with what its owner keeps of it, beside a list of all that was written to it.
final class CompactedLog implements InstantSource {
    static final long RETENTION_MS = 1000;
    private static final int LEADER_EPOCH = 7;

    final Disk disk;
    final Path directory;
    final LogSettings settings;
    final Map<Long, Stored> written = new TreeMap<>();
    private final Map<Long, Integer> sequences = new HashMap<>();
    private final CleanerMemory memory;
    private PartitionLog log;
    private long nowMs = KeyedBatches.TIMESTAMP;
    private long dirty;
    private long checkpointed;
    private boolean cleanlyStopped;

    CompactedLog(Disk disk, Path directory, int segmentBytes, long mapBytes) throws IOException {
        this.disk = disk;
        this.directory = directory;
        this.settings = LogSettings.DEFAULTS
                .withSegments(new LogSettings.Segments(segmentBytes, Long.MAX_VALUE, 0, 200, 10_000))
                .withRetention(new LogSettings.Retention(false, -1, -1, RETENTION_MS))
                .withCompaction(new LogSettings.Compaction(true, 0.1, 0, Long.MAX_VALUE, RETENTION_MS));
        this.memory = new CleanerMemory(mapBytes, 1000, 0.9, 1_000_000);
        this.log = reopen();
    }

    @Override
    public Instant instant() {
        return Instant.ofEpochMilli(nowMs);
    }

    PartitionLog log() {
        return log;
    }

    void passTime(long ms) {
        nowMs += ms;
    }

    /// Appends a batch of some records, of one of a few keys each.
    void append(Random random, int keys) throws IOException {
        var records = new String[1 + random.nextInt(6)];
        long offset = log.logEndOffset();
        var noted = new ArrayList<Stored>();
        for (int at = 0; at < records.length; at++) {
            var key = "k" + random.nextInt(keys);
            var value = random.nextInt(5) == 0 ? null : "v" + (offset + at) + "x".repeat(random.nextInt(40));
            records[at] = value == null ? key : key + "=" + value;
            noted.add(new Stored(offset + at, key, value));
        }
        var codec = Codec.find(random.nextInt(5)).orElseThrow();
        append(batch(random, codec, records));
        noted.forEach(record -> written.put(record.offset(), record));
    }

    void append(ByteBuffer bytes) throws IOException {
        var batch = RecordBatch.at(bytes, 0);
        assertThat(log.producers().check(batch)).isEqualTo(new ProducerVerdict.InSequence());
        log.append(batch, LEADER_EPOCH);
    }

    private ByteBuffer batch(Random random, Codec codec, String... records) {
        if (random.nextBoolean()) {
            return KeyedBatches.of(codec, records);
        }
        long producerId = random.nextInt(4);
        int sequence = sequences.merge(producerId, records.length, Integer::sum) - records.length;
        return KeyedBatches.idempotent(codec, producerId, sequence, records);
    }

    void flush() throws IOException {
        log.flush();
        log.tidy();
    }

    /// Writes down what the owner writes down before it has a log compacted.
    void checkpoint() throws IOException {
        log.upkeep().checkpoint(log.upkeep().now());
        checkpointed = log.upkeep().recoveryPoint();
    }

    Cleaned compact() throws IOException {
        return compact(Throttle.NONE);
    }

    Cleaned compact(Throttle throttle) throws IOException {
        checkpoint();
        var compaction = log.upkeep().compaction();
        compaction.begin();
        try {
            var plan = compaction.plan(log.upkeep().now(), OptionalLong.of(dirty), checkpointed);
            var cleaned = compaction.run(plan, memory, throttle);
            dirty = cleaned.nextDirtyOffset();
            return cleaned;
        } finally {
            compaction.end();
        }
    }

    CleanableRange range() throws IOException {
        return log.upkeep()
                .compaction()
                .plan(log.upkeep().now(), OptionalLong.of(dirty), checkpointed)
                .range();
    }

    /// Stops in order and starts again.
    void restart() throws IOException {
        log.upkeep().finish(log.upkeep().now());
        checkpointed = log.upkeep().recoveryPoint();
        cleanlyStopped = true;
        log.close();
        log = reopen();
        cleanlyStopped = false;
    }

    /// Starts again with what is on disk.
    void restartAfterCrash() throws IOException {
        log = reopen();
    }

    private PartitionLog reopen() throws IOException {
        var marks = new OpeningMarks(cleanlyStopped, checkpointed, 0, LEADER_EPOCH);
        var location = new PartitionLog.Location(disk, directory);
        return PartitionLog.open(location, settings, marks, this, new RecoveryProgress());
    }

    /// Reads all, batch by batch, and finds each sound and behind the one before.
    List<RecordBatch> batches() throws IOException {
        return batches(log);
    }

    static List<RecordBatch> batches(PartitionLog log) throws IOException {
        var batches = new ArrayList<RecordBatch>();
        long next = log.logStartOffset();
        long end = log.logEndOffset();
        while (next < end) {
            var slice = log.read(next, 3000);
            if (slice.isEmpty()) {
                break;
            }
            for (var batch : slice.batches()) {
                assertThat(batch.computedCrc()).isEqualTo(batch.crc());
                assertThat(batch.lastOffset()).isGreaterThanOrEqualTo(next);
                assertThat(batches.isEmpty()
                                || batch.baseOffset() > batches.getLast().lastOffset())
                        .as("%d behind the batch before", batch.baseOffset())
                        .isTrue();
                batches.add(batch);
                next = batch.nextOffset();
            }
        }
        return batches;
    }

    static List<Stored> records(List<RecordBatch> batches) {
        var records = new ArrayList<Stored>();
        for (var batch : batches) {
            for (var record :
                    MemoryRecords.readableRecords(batch.bytes().duplicate()).records()) {
                records.add(new Stored(record.offset(), text(record.key()), text(record.value())));
            }
        }
        return records;
    }

    /// Compares what the log says with what was written to it.
    ///
    /// @return what is stored
    List<Stored> requireSameValues() throws IOException {
        var stored = records(batches());
        stored.forEach(record -> assertThat(record).isEqualTo(written.get(record.offset())));
        assertThat(lastValues(stored)).isEqualTo(lastValues(written.values()));
        assertThat(log.damagedRanges()).isEmpty();
        sequences.forEach(this::requireNextSequence);
        return stored;
    }

    /// The same, and that it is compacted as far as it should be and no further.
    void requireLastValues() throws IOException {
        var stored = requireSameValues();
        assertThat(stored.stream().filter(record -> record.offset() >= dirty))
                .containsExactlyElementsOf(written.values().stream()
                        .filter(record -> record.offset() >= dirty)
                        .toList());
        assertThat(stored.stream().filter(record -> record.offset() < dirty).map(Stored::key))
                .doesNotHaveDuplicates();
    }

    /// What was appended behind the end that a crash has left is as if it had never been.
    void forgetLost() {
        written.keySet().removeIf(offset -> offset >= log.logEndOffset());
    }

    private void requireNextSequence(long producerId, int sequence) {
        var next = RecordBatch.at(KeyedBatches.idempotent(Codec.NONE, producerId, sequence, "k=v"), 0);
        assertThat(log.producers().check(next))
                .as("producer %d", producerId)
                .isEqualTo(new ProducerVerdict.InSequence());
        var later = RecordBatch.at(KeyedBatches.idempotent(Codec.NONE, producerId, sequence + 1, "k=v"), 0);
        assertThat(log.producers().check(later)).isInstanceOf(ProducerVerdict.Gap.class);
    }

    static Map<String, String> lastValues(Collection<Stored> records) {
        var values = new TreeMap<String, String>();
        for (var record : records) {
            var key = Objects.requireNonNull(record.key());
            var value = record.value();
            if (value == null) {
                values.remove(key);
            } else {
                values.put(key, value);
            }
        }
        return values;
    }

    private static @Nullable String text(@Nullable ByteBuffer bytes) {
        return bytes == null
                ? null
                : StandardCharsets.UTF_8.decode(bytes.duplicate()).toString();
    }
}
