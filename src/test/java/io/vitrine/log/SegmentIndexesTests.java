package io.vitrine.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.record.Batches;
import io.vitrine.record.Codec;
import io.vitrine.record.RecordBatch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

class SegmentIndexesTests {
    private static final int INTERVAL_BYTES = 400;
    private static final int HALF_INTERVAL_VALUE = 130;
    private static final int INDEX_BYTES = 1000;
    private static final int SMALL_INDEX_BYTES = 100;
    static final List<Long> SEEDS = List.of(1L, 2L, 3L, 4L, 5L, 6L);

    @TempDir
    Path directory;

    @ParameterizedTest(name = "seed {0}")
    @FieldSource("SEEDS")
    void makesTheFilesThatKafkaMakes(long seed) throws Exception {
        var settings = Map.of("internal.segment.bytes", "8000", "segment.index.bytes", "" + INDEX_BYTES);

        writeWithKafka(settings, seed);

        assertThat(segments()).hasSizeGreaterThan(4);
        for (var segment : segments()) {
            var indexes = new SegmentIndexes(baseOffset(segment), INTERVAL_BYTES, INDEX_BYTES);
            addAll(segment, indexes, 0);
            indexes.complete();
            assertSameAsFiles(indexes, segment);
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @FieldSource("SEEDS")
    void isFullWhenKafkaBeginsTheNextSegment(long seed) throws Exception {
        var settings = Map.of("segment.bytes", "10000000", "segment.index.bytes", "" + SMALL_INDEX_BYTES);

        writeWithKafka(settings, seed);

        var segments = segments();
        assertThat(segments).hasSizeGreaterThan(4);
        for (var segment : segments) {
            var indexes = new SegmentIndexes(baseOffset(segment), INTERVAL_BYTES, SMALL_INDEX_BYTES);
            addAll(segment, indexes, 0);
            assertThat(indexes.isFull()).isEqualTo(!segment.equals(segments.getLast()));
            indexes.complete();
            assertSameAsFiles(indexes, segment);
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @FieldSource("SEEDS")
    void goesOnFromItsFilesAsIfItHadNeverStopped(long seed) throws Exception {
        writeWithKafka(Map.of("internal.segment.bytes", "8000"), seed);

        for (var segment : segments()) {
            long baseOffset = baseOffset(segment);
            var whole = new SegmentIndexes(baseOffset, INTERVAL_BYTES, INDEX_BYTES);
            addAll(segment, whole, 0);
            var resumed = new SegmentIndexes(
                    baseOffset,
                    INTERVAL_BYTES,
                    INDEX_BYTES,
                    OffsetIndex.decode(baseOffset, whole.offsets().encode()).orElseThrow(),
                    TimeIndex.decode(baseOffset, whole.times().encode()).orElseThrow());
            addAll(segment, resumed, whole.offsets().lastPosition() + 1);

            assertThat(resumed.maxTimestamp()).isEqualTo(whole.maxTimestamp());
            assertThat(resumed.offsetOfMaxTimestamp()).isEqualTo(whole.offsetOfMaxTimestamp());
            resumed.complete();
            assertSameAsFiles(resumed, segment);
        }
    }

    @Test
    void withoutTimestampsThereAreNoTimes() {
        var indexes = new SegmentIndexes(7, 0, INDEX_BYTES);
        var bytes = Batches.of(Codec.NONE, new SimpleRecord(-1, new byte[10]));
        for (int i = 0; i < 5; i++) {
            RecordBatch.at(bytes, 0).assign(7 + i, 0);
            indexes.add(RecordBatch.at(bytes, 0), i * bytes.limit());
        }
        indexes.complete();

        assertThat(indexes.maxTimestamp()).isEqualTo(-1);
        assertThat(indexes.offsetOfMaxTimestamp()).isEqualTo(7);
        assertThat(indexes.offsets().count()).isEqualTo(4);
        assertThat(indexes.times().count()).isZero();
    }

    @Test
    void holdsOffsetsOf31BitsAboveItsFirst() {
        var indexes = new SegmentIndexes(7, 0, INDEX_BYTES);

        assertThat(indexes.canHold(7)).isTrue();
        assertThat(indexes.canHold(7L + Integer.MAX_VALUE)).isTrue();
        assertThat(indexes.canHold(8L + Integer.MAX_VALUE)).isFalse();
        assertThat(indexes.canHold(6)).isFalse();
    }

    private void writeWithKafka(Map<String, String> settings, long seed) throws Exception {
        var random = new Random(seed);
        var all = new HashMap<>(settings);
        all.put("index.interval.bytes", "" + INTERVAL_BYTES);
        all.put("segment.ms", "" + Long.MAX_VALUE);
        all.put("retention.ms", "-1");
        try (var log = new KafkaLog(partition(), all)) {
            long offset = 0;
            for (int i = 0; i < 400; i++) {
                var batch = randomBatch(random, i);
                RecordBatch.at(batch, 0).assign(offset, 1);
                log.append(batch.duplicate(), 1);
                // Compaction leaves gaps.
                offset = RecordBatch.at(batch, 0).nextOffset() + (random.nextInt(5) == 0 ? random.nextInt(50) : 0);
            }
        }
    }

    /// Every other batch is half an interval long, so that two of them often are a whole one.
    private static ByteBuffer randomBatch(Random random, int i) {
        if (random.nextBoolean()) {
            var batch = Batches.of(Codec.NONE, new SimpleRecord(1_000_000 + i * 10L, new byte[HALF_INTERVAL_VALUE]));
            assertThat(batch.limit()).isEqualTo(INTERVAL_BYTES / 2);
            return batch;
        }
        var records = new SimpleRecord[1 + random.nextInt(4)];
        for (int r = 0; r < records.length; r++) {
            long timestamp = random.nextInt(10) == 0 ? -1 : 1_000_000 + i * 10L + random.nextInt(100);
            records[r] = new SimpleRecord(timestamp, new byte[random.nextInt(250)]);
        }
        return Batches.of(Codec.NONE, records);
    }

    private Path partition() {
        return directory.resolve("topic-0");
    }

    private List<Path> segments() throws IOException {
        try (var files = Files.list(partition())) {
            return files.filter(file -> file.toString().endsWith(".log"))
                    .sorted()
                    .toList();
        }
    }

    private static long baseOffset(Path segment) {
        return Long.parseLong(segment.getFileName().toString().replace(".log", ""));
    }

    private static void addAll(Path segment, SegmentIndexes indexes, int from) throws IOException {
        var bytes = ByteBuffer.wrap(Files.readAllBytes(segment));
        int position = 0;
        while (position < bytes.limit()) {
            var batch = RecordBatch.at(bytes, position);
            if (position >= from) {
                assertThat(indexes.isFull()).isFalse();
                indexes.add(batch, position);
            }
            position += batch.sizeInBytes();
        }
    }

    private static void assertSameAsFiles(SegmentIndexes indexes, Path segment) throws IOException {
        assertThat(indexes.offsets().encode()).isEqualTo(bytes(segment, ".index"));
        assertThat(indexes.times().encode()).isEqualTo(bytes(segment, ".timeindex"));
    }

    private static ByteBuffer bytes(Path segment, String suffix) throws IOException {
        var name = segment.getFileName().toString().replace(".log", suffix);
        return ByteBuffer.wrap(Files.readAllBytes(segment.resolveSibling(name)));
    }
}
