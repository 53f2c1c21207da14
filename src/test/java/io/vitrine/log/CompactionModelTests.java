package io.vitrine.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.log.CompactionSource.LastRecord;
import io.vitrine.log.SampleLog.Stored;
import io.vitrine.record.Codec;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/// Random logs, compacted again and again, say the same as a map of the last value of every key.
class CompactionModelTests {
    private static final int ROUNDS = 8;
    private static final int KEYS = 60;
    private static final long RETENTION_MS = 1000;
    static final List<Long> SEEDS = LongStream.rangeClosed(1, 12).boxed().toList();

    @TempDir
    Path directory;

    private final List<Stored> written = new ArrayList<>();
    private final Map<Long, Integer> sequences = new HashMap<>();

    @ParameterizedTest(name = "seed {0}")
    @FieldSource("SEEDS")
    void theLastValueOfEveryKeyStays(long seed) throws IOException {
        var random = new Random(seed);
        // Some maps are too small for all keys.
        var keys = new KeyOffsets(24L * (20 + random.nextInt(100)));
        var compaction = new Compaction(keys, 500, 1_000_000, Throttle.NONE);
        var settings = LogSettings.DEFAULTS
                .withSegmentBytes(2000 + random.nextInt(8000))
                .withCompaction(new LogSettings.Compaction(true, 0.5, 0, Long.MAX_VALUE, RETENTION_MS));
        long dirty = 0;
        long nowMs = KeyedBatches.TIMESTAMP;
        try (var log = new SampleLog(new LocalDisk(), directory)) {
            for (int round = 0; round < ROUNDS; round++) {
                append(log, random);
                nowMs += random.nextInt(1000);
                var cleaned = compaction.run(log, log.range(dirty), settings, nowMs);
                dirty = cleaned.nextDirtyOffset();
                check(log, dirty);
            }
        }
    }

    private void append(SampleLog log, Random random) throws IOException {
        for (int i = 0; i < 30; i++) {
            var records = new String[1 + random.nextInt(8)];
            for (int at = 0; at < records.length; at++) {
                records[at] = record(log.nextOffset() + at, random);
            }
            var codec = Codec.find(random.nextInt(5)).orElseThrow();
            if (random.nextBoolean()) {
                log.append(KeyedBatches.of(codec, records));
            } else {
                long producerId = random.nextInt(4);
                int sequence = sequences.merge(producerId, records.length, Integer::sum) - records.length;
                log.append(KeyedBatches.idempotent(codec, producerId, sequence, records));
                log.lastRecords.put(producerId, new LastRecord(log.nextOffset() - 1, (short) 0));
            }
            if (random.nextInt(6) == 0) {
                log.roll();
            }
        }
    }

    private String record(long offset, Random random) {
        var key = random.nextInt(30) == 0 ? "" : "k" + random.nextInt(KEYS);
        boolean tombstone = !key.isEmpty() && random.nextInt(5) == 0;
        var value = tombstone ? null : "v" + offset + "x".repeat(random.nextInt(60));
        written.add(new Stored(offset, key.isEmpty() ? null : key, value));
        return value == null ? key : key + "=" + value;
    }

    private void check(SampleLog log, long dirty) throws IOException {
        var stored = log.records();
        assertThat(stored).isSubsetOf(written);
        assertThat(stored).extracting(Stored::offset).isSorted().doesNotHaveDuplicates();
        assertThat(lastValues(stored)).isEqualTo(lastValues(written));
        assertThat(stored.stream().filter(record -> record.offset() >= dirty))
                .containsExactlyElementsOf(written.stream()
                        .filter(record -> record.offset() >= dirty)
                        .toList());
        var compacted =
                stored.stream().filter(record -> record.offset() < dirty).toList();
        assertThat(compacted).extracting(Stored::key).doesNotContainNull().doesNotHaveDuplicates();
        checkProducers(log);
    }

    /// The last sequence of every producer can be read from its last batch.
    private void checkProducers(SampleLog log) throws IOException {
        var last = new HashMap<Long, Integer>();
        for (var batch : log.batches()) {
            if (batch.hasProducerId()) {
                last.put(batch.producerId(), batch.lastSequence() + 1);
            }
        }
        assertThat(last).isEqualTo(sequences);
    }

    private static Map<String, String> lastValues(Collection<Stored> records) {
        var values = new LinkedHashMap<String, String>();
        for (var record : records) {
            var key = record.key();
            if (key != null && record.value() != null) {
                values.put(key, Objects.requireNonNull(record.value()));
            } else if (key != null) {
                values.remove(key);
            }
        }
        return values;
    }
}
