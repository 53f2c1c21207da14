package io.vitrine.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitrine.record.Batches;
import io.vitrine.record.EndMarker;
import io.vitrine.record.RecordBatch;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The indexes of a segment are gone, that of its aborted transactions too: whatever the disk does when they are made
/// anew, nobody is shown what was aborted, now or after the next start.
class LostTransactionIndexTests {
    private static final int LEADER_EPOCH = 3;
    private static final LogSettings SETTINGS =
            LogSettings.DEFAULTS.withSegments(new LogSettings.Segments(400, Long.MAX_VALUE, 0, 200, 10_000));

    private final SimulatedDisk disk = new SimulatedDisk(1);

    @SuppressWarnings("NullAway.Init")
    private PartitionLog log;

    private List<String> committed = List.of();

    @BeforeEach
    void loseTheIndexesOfTheFirstSegment() throws IOException {
        log = open(new SimulatedLogDirectory(disk).marks(LEADER_EPOCH));
        append(RecordBatch.at(Batches.transactional(0, 0, 0, "aborted"), 0));
        append(RecordBatch.at(new EndMarker(false, 0).batch(0, (short) 0, Batches.TIMESTAMP), 0));
        while (log.segments().size() < 3) {
            append(RecordBatch.at(Batches.of("plain"), 0));
        }
        committed = committedValues();
        log.upkeep().finish(log.upkeep().now());
        long end = log.logEndOffset();
        log.close();
        for (var suffix : List.of(LogFiles.OFFSET_INDEX, LogFiles.TIME_INDEX, LogFiles.TRANSACTION_INDEX)) {
            disk.delete(first(suffix));
        }
        log = open(new OpeningMarks(true, end, 0, LEADER_EPOCH));
    }

    @Test
    void aRefusedFsyncOfTheNamesBreaksTheLogAsAnyOtherDoes() throws IOException {
        disk.faults().failAfter(0, DiskOperation.FORCE_DIRECTORY, DiskFailure.IO_ERROR);

        assertThat(committedValues()).isEqualTo(committed);
        assertThat(log.upkeep().findBroken()).isPresent();
        assertThat(disk.exists(first(LogFiles.OFFSET_INDEX))).isFalse();
        // Though nothing was appended.
        assertThatThrownBy(() -> log.upkeep().checkpoint(log.upkeep().now()))
                .isInstanceOf(LogBrokenException.class)
                .hasMessageContaining("Input/output error");
        assertThatThrownBy(() -> log.upkeep().finish(log.upkeep().now())).isInstanceOf(LogBrokenException.class);
        assertThatThrownBy(() -> log.flush()).isInstanceOf(LogBrokenException.class);

        disk.cutPower();
        log = open(OpeningMarks.UNKNOWN);
        assertThat(committedValues()).isEqualTo(committed);
        assertThat(log.upkeep().findBroken()).isEmpty();
        log.close();
    }

    @Test
    void aDiskThatHadNoRoomForTheNamesIsAskedAgainWhenTheLogIsOpenedAnew() throws IOException {
        disk.faults().failAfter(0, DiskOperation.FORCE_DIRECTORY, DiskFailure.NO_SPACE);
        assertThat(committedValues()).isEqualTo(committed);
        assertThatThrownBy(() -> log.upkeep().checkpoint(log.upkeep().now()))
                .isInstanceOf(LogBrokenException.class)
                .matches(FullDisk::caused);

        log = log.upkeep().reopen(LEADER_EPOCH).orElseThrow();

        assertThat(committedValues()).isEqualTo(committed);
        assertThat(log.upkeep().findBroken()).isEmpty();
        append(RecordBatch.at(Batches.of("plain"), 0));
        assertThat(log.flush()).isEqualTo(log.logEndOffset());
        assertThat(disk.exists(first(LogFiles.TRANSACTION_INDEX))).isTrue();
        log.close();
    }

    @Test
    void aFullDiskTakesNeitherOfTheIndexesAndReadsGoOn() throws IOException {
        disk.limitCapacity(0);

        assertThat(committedValues()).isEqualTo(committed);
        assertThat(disk.exists(first(LogFiles.OFFSET_INDEX))).isFalse();
        assertThat(log.upkeep().findBroken()).isEmpty();
        long end = log.logEndOffset();

        disk.kill();
        disk.limitCapacity(Long.MAX_VALUE);
        log = open(new OpeningMarks(true, end, 0, LEADER_EPOCH));
        assertThat(committedValues()).isEqualTo(committed);
        assertThat(disk.exists(first(LogFiles.TRANSACTION_INDEX))).isTrue();
        assertThat(disk.exists(first(LogFiles.OFFSET_INDEX))).isTrue();
        log.close();
    }

    private List<String> committedValues() throws IOException {
        return new CommittedReader(log, 10_000).valuesFrom(0);
    }

    private void append(RecordBatch batch) throws IOException {
        log.append(batch, LEADER_EPOCH);
    }

    private static Path first(String suffix) {
        return SimulatedLogDirectory.PARTITION.resolve(LogFiles.name(0, suffix));
    }

    private PartitionLog open(OpeningMarks marks) throws IOException {
        return PartitionLog.open(
                new PartitionLog.Location(disk, SimulatedLogDirectory.PARTITION),
                SETTINGS,
                marks,
                () -> Instant.ofEpochMilli(Batches.TIMESTAMP),
                new RecoveryProgress());
    }
}
