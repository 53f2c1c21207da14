package io.vitrine.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.vitrine.record.Batches;
import io.vitrine.record.Codec;
import io.vitrine.record.RecordBatch;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SuppressWarnings("NullAway.Init")
class RetentionTests {
    private static final long DAY_MS = 86_400_000;
    private static final LogSettings.Retention FOR_EVER = new LogSettings.Retention(true, -1, -1, 60_000);

    @TempDir
    Path directory;

    private PartitionLog log;

    @BeforeEach
    void openWithThreeDays() throws IOException {
        log = open(FOR_EVER);
        for (int day = 0; day < 3; day++) {
            append(day * DAY_MS);
            log.roll();
        }
        append(3 * DAY_MS);
    }

    @AfterEach
    void close() throws IOException {
        log.close();
    }

    @Test
    void withoutLimitsEverythingStays() throws IOException {
        assertThat(log.upkeep().retainFrom(Long.MAX_VALUE)).isZero();
    }

    @Test
    void whatIsOlderThanTheLimitGoes() throws IOException {
        keep(new LogSettings.Retention(true, 2 * DAY_MS, -1, 60_000));

        assertThat(log.upkeep().retainFrom(Batches.TIMESTAMP + 2 * DAY_MS)).isZero();
        assertThat(log.upkeep().retainFrom(Batches.TIMESTAMP + 2 * DAY_MS + 1)).isEqualTo(1);
        assertThat(log.upkeep().retainFrom(Batches.TIMESTAMP + 4 * DAY_MS + 1)).isEqualTo(3);
    }

    @Test
    void theSegmentAppendedToGoesTooWhenAllOfItIsTooOld() throws IOException {
        keep(new LogSettings.Retention(true, DAY_MS, -1, 60_000));

        log.flush();
        retain(Batches.TIMESTAMP + 10 * DAY_MS);

        assertThat(log.offsets())
                .extracting(Offsets::logStartOffset, Offsets::logEndOffset)
                .containsExactly(4L, 4L);
        assertThat(log.segments()).hasSize(1);
        assertThat(append(5 * DAY_MS)).isEqualTo(4);
    }

    @Test
    void oneOldSegmentBehindAYoungOneStays() throws IOException {
        log.roll();
        append(0);
        log.roll();
        append(5 * DAY_MS);
        keep(new LogSettings.Retention(true, DAY_MS, -1, 60_000));

        assertThat(log.upkeep().retainFrom(Batches.TIMESTAMP + 2 * DAY_MS + 1)).isEqualTo(2);
    }

    @Test
    void theOldestGoWhileWhatIsLeftIsNotBelowTheSizeLimit() throws IOException {
        long size = log.sizeInBytes();
        long segment = size / 4;

        assertThat(startWithLimit(size)).isZero();
        assertThat(startWithLimit(size - segment + 1)).isZero();
        assertThat(startWithLimit(size - segment)).isEqualTo(1);
        assertThat(startWithLimit(segment)).isEqualTo(3);
        assertThat(startWithLimit(0)).isEqualTo(4);
    }

    @Test
    void aPolicyWithoutDeleteDeletesNothing() throws IOException {
        keep(new LogSettings.Retention(false, 1, 1, 60_000));

        assertThat(log.upkeep().retainFrom(Long.MAX_VALUE)).isZero();
    }

    @Test
    void recordsBeforeTheLogStartAreGoneAtOnceAndTheirSegmentsSoon() throws IOException {
        log.upkeep().startAt(2);

        assertThatExceptionOfType(IllegalArgumentException.class).isThrownBy(() -> log.read(1, 100));
        assertThat(log.segments()).hasSize(4);
        // The checkpoint that names the log start never leads what a loss of power leaves.
        assertThat(log.upkeep().removeSegments(0)).isZero();
        log.flush();
        assertThat(log.upkeep().removeSegments(0)).isEqualTo(2);
        assertThat(log.segments()).extracting(SegmentInfo::baseOffset).containsExactly(2L, 3L);
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> log.upkeep().startAt(5))
                .withMessageContaining("behind the end 4");
    }

    @Test
    void filesStayForAWhileUnderAnotherName() throws IOException {
        log.flush();
        log.tidy();
        log.upkeep().startAt(1);
        log.upkeep().removeSegments(1000);

        log.upkeep().purge(1000 + 59_999);
        assertThat(names()).contains(LogFiles.name(0, ".log.deleted"), LogFiles.name(0, ".index.deleted"));

        log.upkeep().purge(1000 + 60_000);
        assertThat(names()).noneMatch(name -> name.endsWith(".deleted")).doesNotContain(LogFiles.name(0, ".log"));
    }

    @Test
    void whatWasNotDeletedInTimeIsOnTheNextOpening() throws IOException {
        log.flush();
        log.upkeep().startAt(1);
        log.upkeep().removeSegments(0);
        log.close();

        log = open(FOR_EVER);

        assertThat(names()).noneMatch(name -> name.endsWith(".deleted"));
        assertThat(log.logStartOffset()).isEqualTo(1);
    }

    @Test
    void recordsWithoutATimeAreAsOldAsTheirSegmentHasBeenOpen() throws IOException {
        log.close();
        log = PartitionLog.open(
                new PartitionLog.Location(new LocalDisk(), directory.resolve("timeless")),
                LogSettings.DEFAULTS.withRetention(new LogSettings.Retention(true, DAY_MS, -1, 0)),
                OpeningMarks.UNKNOWN,
                () -> Instant.ofEpochMilli(Batches.TIMESTAMP),
                new RecoveryProgress());
        log.append(RecordBatch.at(Batches.of(Codec.NONE, new SimpleRecord(-1L, new byte[] {1})), 0), 0);

        assertThat(log.upkeep().retainFrom(Batches.TIMESTAMP + DAY_MS)).isZero();
        assertThat(log.upkeep().retainFrom(Batches.TIMESTAMP + DAY_MS + 1)).isEqualTo(1);
    }

    private PartitionLog open(LogSettings.Retention retention) throws IOException {
        return PartitionLog.open(
                new PartitionLog.Location(new LocalDisk(), directory),
                LogSettings.DEFAULTS.withRetention(retention),
                OpeningMarks.UNKNOWN,
                () -> Instant.ofEpochMilli(Batches.TIMESTAMP),
                new RecoveryProgress());
    }

    private long append(long afterMs) throws IOException {
        var record = new SimpleRecord(Batches.TIMESTAMP + afterMs, "value".getBytes(StandardCharsets.UTF_8));
        return log.append(RecordBatch.at(Batches.of(Codec.NONE, record), 0), 0);
    }

    private void keep(LogSettings.Retention retention) {
        log.configure(LogSettings.DEFAULTS.withRetention(retention));
    }

    private long startWithLimit(long bytes) throws IOException {
        keep(new LogSettings.Retention(true, -1, bytes, 60_000));
        return log.upkeep().retainFrom(Batches.TIMESTAMP);
    }

    private void retain(long nowMs) throws IOException {
        log.upkeep().startAt(log.upkeep().retainFrom(nowMs));
        log.upkeep().removeSegments(nowMs);
    }

    private List<String> names() throws IOException {
        try (var files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }
}
