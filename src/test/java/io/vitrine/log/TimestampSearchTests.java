package io.vitrine.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.record.Batches;
import io.vitrine.record.Codec;
import io.vitrine.record.RecordBatch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is read of a log to find records by time.
class TimestampSearchTests {
    private static final int BATCHES_IN_SEGMENT = 2;
    private static final LogSettings SETTINGS =
            LogSettings.DEFAULTS.withSegments(new LogSettings.Segments(2_500, 1_000_000_000_000L, 0, 1, 10_000));

    @TempDir
    Path directory;

    /// Its headers would tell of the damage.
    @Test
    void aDeletedGreatestTimestampHasNoOtherSegmentWalkedOver() throws IOException {
        try (var log = open()) {
            for (long timestamp : new long[] {1000, 10, 20, 30, 6, 5, 7, 8}) {
                append(log, timestamp);
            }
            assertThat(log.segments()).hasSize(4);
            damage(log, 2);
            log.upkeep().startAt(1);

            var found = log.timestamps().findGreatest().orElseThrow();

            assertThat(found.timestamp()).isEqualTo(30);
            assertThat(found.offset()).isEqualTo(3);
            assertThat(log.damagedRanges()).isEmpty();
        }
    }

    @Test
    void whereAllThatHadATimestampIsDeletedTheNextSegmentHasIt() throws IOException {
        try (var log = open()) {
            for (long timestamp : new long[] {50, 90, 40, 60}) {
                append(log, timestamp);
            }
            log.upkeep().startAt(BATCHES_IN_SEGMENT);

            assertThat(log.timestamps().findGreatest().orElseThrow().offset()).isEqualTo(3);
        }
    }

    /// Changes the format version of a segment's first batch.
    private void damage(PartitionLog log, int segment) throws IOException {
        var file = directory.resolve(
                "%020d.log".formatted(log.segments().get(segment).baseOffset()));
        try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(new byte[] {77}), RecordBatch.MAGIC);
        }
    }

    private static void append(PartitionLog log, long timestamp) throws IOException {
        var bytes = Batches.of(Codec.NONE, new SimpleRecord(timestamp, new byte[1000]));
        log.append(RecordBatch.at(bytes, 0), 0);
    }

    private PartitionLog open() throws IOException {
        return PartitionLog.open(
                new PartitionLog.Location(new LocalDisk(), directory),
                SETTINGS,
                OpeningMarks.UNKNOWN,
                () -> Instant.ofEpochMilli(Batches.TIMESTAMP),
                new RecoveryProgress());
    }
}
