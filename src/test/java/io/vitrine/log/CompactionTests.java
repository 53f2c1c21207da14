package io.vitrine.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.vitrine.log.CompactionSource.LastRecord;
import io.vitrine.record.Codec;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CompactionTests {
    private static final long NOW = KeyedBatches.TIMESTAMP + 1_000_000;
    private static final long RETENTION_MS = LogSettings.DEFAULTS.compaction().deleteRetentionMs();
    private static final int BUFFER_BYTES = 1024;
    private static final long MAX_UNCOMPRESSED_BYTES = 100_000;

    @TempDir
    Path directory;

    private SampleLog log;

    @BeforeEach
    void open() throws IOException {
        log = new SampleLog(new LocalDisk(), directory);
    }

    @AfterEach
    void close() throws IOException {
        log.close();
    }

    @ParameterizedTest
    @EnumSource(Codec.class)
    void keepsTheLastRecordOfEveryKeyWithItsOffset(Codec codec) throws IOException {
        log.append(KeyedBatches.of(codec, "a=1", "b=1", "c=1"));
        log.append(KeyedBatches.of(codec, "b=2", "=nothing"));
        log.append(KeyedBatches.of(codec, "c=2", "d=1"));
        log.roll();

        var cleaned = compact(0, NOW);

        assertThat(log.records())
                .containsExactly(
                        new SampleLog.Stored(0, "a", "1"),
                        new SampleLog.Stored(3, "b", "2"),
                        new SampleLog.Stored(5, "c", "2"),
                        new SampleLog.Stored(6, "d", "1"));
        assertThat(log.batches()).allMatch(batch -> batch.compressionType().id == codec.id());
        assertThat(log.batches()).extracting(MutableRecordBatch::lastOffset).containsExactly(2L, 4L, 6L);
        assertThat(log.batches()).allMatch(batch -> batch.partitionLeaderEpoch() == 7);
        assertThat(cleaned.nextDirtyOffset()).isEqualTo(7);
        assertThat(cleaned.stats().recordsRead()).isEqualTo(7);
        assertThat(cleaned.stats().recordsKept()).isEqualTo(4);
    }

    @Test
    void leavesTheActiveSegmentAlone() throws IOException {
        log.append(KeyedBatches.of("a=1", "b=1"));
        log.roll();
        log.append(KeyedBatches.of("a=2"));

        compact(0, NOW);

        assertThat(log.values()).containsExactly("a=1", "b=1", "a=2");
    }

    @Test
    void joinsSmallSegments() throws IOException {
        for (int i = 0; i < 6; i++) {
            log.append(KeyedBatches.of("a=" + i, "b" + i + "=x"));
            log.roll();
        }
        int size = log.segments().getFirst().sizeInBytes();

        compact(0, NOW, LogSettings.DEFAULTS.withSegmentBytes(3 * size));

        assertThat(log.baseOffsets()).containsExactly(0L, 6L, 12L);
        assertThat(log.values()).containsExactly("b0=x", "b1=x", "b2=x", "b3=x", "b4=x", "a=5", "b5=x");
    }

    @Test
    void aTombstoneStaysForItsTimeAfterItWasFirstMet() throws IOException {
        log.append(KeyedBatches.of("a=1", "b=1"));
        log.append(KeyedBatches.of("a"));
        log.roll();
        long dirty = compact(0, NOW).nextDirtyOffset();
        assertThat(log.values()).containsExactly("b=1", "a=null");
        assertThat(log.batches().getLast().deleteHorizonMs()).hasValue(NOW + RETENTION_MS);

        dirty = appendAndCompact(dirty, "c=1", NOW + RETENTION_MS - 1);
        assertThat(log.values()).containsExactly("b=1", "a=null", "c=1");

        appendAndCompact(dirty, "d=1", NOW + RETENTION_MS);
        assertThat(log.values()).containsExactly("b=1", "c=1", "d=1");
    }

    @Test
    void theLastBatchOfAProducerStaysEmpty() throws IOException {
        log.append(KeyedBatches.idempotent(Codec.NONE, 5, 0, "a=1", "b=1"));
        long last = log.append(KeyedBatches.idempotent(Codec.LZ4, 5, 2, "a=2", "b=2"));
        log.append(KeyedBatches.of("a=3", "b=3"));
        log.roll();
        log.lastRecords.put(5L, new LastRecord(last + 1, (short) 0));

        compact(0, NOW);

        assertThat(log.values()).containsExactly("a=3", "b=3");
        var empty = log.batches().getFirst();
        assertThat(empty.countOrNull()).isZero();
        assertThat(empty.producerId()).isEqualTo(5);
        assertThat(empty.baseSequence()).isEqualTo(2);
        assertThat(empty.lastSequence()).isEqualTo(3);
        assertThat(empty.lastOffset()).isEqualTo(last + 1);
    }

    @Test
    void abortedRecordsGoAndTheirMarkerLater() throws IOException {
        log.append(KeyedBatches.of("a=1"));
        long first = log.append(KeyedBatches.transactional(5, 0, "a=2", "b=2"));
        long marker = log.append(KeyedBatches.abort(5));
        log.aborted.add(new AbortedTransaction(5, first, marker, marker + 1));
        log.append(KeyedBatches.of("z=1"));
        log.roll();

        long dirty = compact(0, NOW).nextDirtyOffset();
        assertThat(log.values()).containsExactly("a=1", "z=1");
        assertThat(log.aborted).hasSize(1);
        assertThat(controlBatches()).hasSize(1);

        dirty = appendAndCompact(dirty, "c=1", NOW + 1);
        assertThat(log.aborted).isEmpty();
        assertThat(controlBatches().getFirst().deleteHorizonMs()).hasValue(NOW + 1 + RETENTION_MS);

        appendAndCompact(dirty, "d=1", NOW + 1 + RETENTION_MS);
        assertThat(controlBatches()).isEmpty();
        assertThat(log.values()).containsExactly("a=1", "z=1", "c=1", "d=1");
    }

    @Test
    void aCommitMarkerStaysAsLongAsItsRecords() throws IOException {
        log.append(KeyedBatches.transactional(5, 0, "a=1"));
        log.append(KeyedBatches.commit(5));
        log.append(KeyedBatches.of("z=1"));
        log.roll();

        long dirty = compact(0, NOW).nextDirtyOffset();
        assertThat(controlBatches().getFirst().deleteHorizonMs()).isEmpty();

        dirty = appendAndCompact(dirty, "a=2", NOW);
        assertThat(controlBatches()).hasSize(1);

        dirty = appendAndCompact(dirty, "b=1", NOW);
        assertThat(controlBatches().getFirst().deleteHorizonMs()).hasValue(NOW + RETENTION_MS);

        appendAndCompact(dirty, "c=1", NOW + RETENTION_MS);
        assertThat(controlBatches()).isEmpty();
        assertThat(log.values()).containsExactly("z=1", "a=2", "b=1", "c=1");
    }

    @Test
    void aFullMapStopsEarlyAndTheNextRunGoesOn() throws IOException {
        for (int i = 0; i < 40; i++) {
            log.append(KeyedBatches.of("k" + i + "=old", "j" + i + "=old"));
            log.append(KeyedBatches.of("k" + i + "=new", "j" + i + "=new"));
            log.roll();
        }
        var keys = new KeyOffsets(10 * 24);
        int runs = 0;

        for (long dirty = 0; dirty < log.nextOffset(); runs++) {
            var cleaned = compaction(keys, Throttle.NONE).run(log, log.range(dirty), LogSettings.DEFAULTS, NOW);
            assertThat(cleaned.nextDirtyOffset()).isGreaterThan(dirty);
            dirty = cleaned.nextDirtyOffset();
        }

        assertThat(runs).isGreaterThan(5);
        assertThat(log.records()).hasSize(80);
        assertThat(log.records()).extracting(SampleLog.Stored::value).containsOnly("new");
    }

    @Test
    void aDamagedBatchStaysAsItIsAndItsKeysAreNotUsed() throws IOException {
        log.append(KeyedBatches.of("a=1", "b=1"));
        int position = log.segments().getFirst().sizeInBytes();
        log.append(KeyedBatches.of("a=2"));
        log.append(KeyedBatches.of("b=2"));
        log.roll();
        log.flip(0, position + 68);
        var damaged = log.batches().get(1);

        var cleaned = compact(0, NOW);

        assertThat(cleaned.stats().batchesLeft()).isEqualTo(1);
        assertThat(cleaned.damages()).containsExactly("the batch at offset 2: the checksum does not hold");
        var batches = log.batches();
        assertThat(batches.get(1).checksum()).isEqualTo(damaged.checksum());
        assertThat(batches.get(1).isValid()).isFalse();
        assertThat(batches.get(0).iterator().next().offset()).isZero();
        assertThat(batches.get(0).countOrNull()).isEqualTo(1);
    }

    @Test
    void behindADamagedBatchTombstonesStay() throws IOException {
        log.append(KeyedBatches.of("x=1"));
        log.append(KeyedBatches.of("a"));
        log.append(KeyedBatches.of("b=1"));
        log.roll();
        long dirty = compact(0, NOW).nextDirtyOffset();
        log.flip(0, log.batches().getFirst().sizeInBytes() - 1);

        appendAndCompact(dirty, "c=1", NOW + RETENTION_MS);

        assertThat(log.batches()).extracting(MutableRecordBatch::baseOffset).containsExactly(0L, 1L, 2L, 3L);
        assertThat(log.batches().get(1).countOrNull()).isEqualTo(1);
    }

    @Test
    void aBatchThatUnpacksToTooMuchIsLeft() throws IOException {
        log.append(KeyedBatches.of(Codec.GZIP, "a=" + "x".repeat(200_000)));
        log.append(KeyedBatches.of("a=2"));
        log.roll();

        var cleaned = compact(0, NOW);

        assertThat(cleaned.stats().batchesLeft()).isEqualTo(1);
        assertThat(log.records()).hasSize(2);
    }

    @Test
    void aBatchLargerThanTheBufferGoesThrough() throws IOException {
        log.append(KeyedBatches.of("a=" + "x".repeat(5000), "b=1"));
        log.append(KeyedBatches.of("a=2"));
        log.append(KeyedBatches.of("c=" + "x".repeat(5000)));
        log.roll();

        compact(0, NOW);

        assertThat(log.values()).containsExactly("b=1", "a=2", "c=" + "x".repeat(5000));
    }

    @Test
    void anEmptiedSegmentTellsHowFarItReached() throws IOException {
        log.append(KeyedBatches.of("a=1"));
        log.append(KeyedBatches.of("a=2"));
        log.roll();
        log.append(KeyedBatches.of("a=3"));
        log.roll();
        int size = log.segments().getFirst().sizeInBytes();

        compact(0, NOW, LogSettings.DEFAULTS.withSegmentBytes(size));

        assertThat(log.baseOffsets()).containsExactly(0L, 2L, 3L);
        assertThat(log.batches().getFirst().countOrNull()).isZero();
        assertThat(log.batches().getFirst().lastOffset()).isEqualTo(1);
    }

    @Test
    void whatIsStoppedIsTakenBack() throws IOException {
        log.append(KeyedBatches.of("a=1"));
        log.append(KeyedBatches.of("a=2"));
        log.roll();
        Throttle stop = _ -> {
            throw new InterruptedIOException("stop");
        };

        assertThatExceptionOfType(InterruptedIOException.class)
                .isThrownBy(
                        () -> compaction(new KeyOffsets(1000), stop).run(log, log.range(0), LogSettings.DEFAULTS, NOW));

        assertThat(log.values()).containsExactly("a=1", "a=2");
        assertThat(new LocalDisk().list(directory)).allMatch(name -> name.endsWith(".log"));
    }

    private List<MutableRecordBatch> controlBatches() throws IOException {
        return log.batches().stream().filter(MutableRecordBatch::isControlBatch).toList();
    }

    private long appendAndCompact(long dirty, String record, long nowMs) throws IOException {
        log.append(KeyedBatches.of(record));
        log.roll();
        return compact(dirty, nowMs).nextDirtyOffset();
    }

    private Cleaned compact(long dirty, long nowMs) throws IOException {
        return compact(dirty, nowMs, LogSettings.DEFAULTS);
    }

    private Cleaned compact(long dirty, long nowMs, LogSettings settings) throws IOException {
        return compaction(new KeyOffsets(100_000), Throttle.NONE).run(log, log.range(dirty), settings, nowMs);
    }

    private static Compaction compaction(KeyOffsets keys, Throttle throttle) {
        return new Compaction(keys, BUFFER_BYTES, MAX_UNCOMPRESSED_BYTES, throttle);
    }
}
