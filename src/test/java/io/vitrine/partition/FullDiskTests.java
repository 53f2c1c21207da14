package io.vitrine.partition;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.log.DiskFailure;
import io.vitrine.log.DiskOperation;
import io.vitrine.log.LogDirectory;
import io.vitrine.log.LogSettings;
import io.vitrine.log.SimulatedDisk;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// A partition whose disk is full or refuses an fsync: what it says, what it keeps, and how it comes back.
class FullDiskTests {
    private static final LogSettings SMALL_SEGMENTS =
            LogSettings.DEFAULTS.withSegments(new LogSettings.Segments(2000, Long.MAX_VALUE, 0, 200, 10_000));

    @TempDir
    Path directory;

    private final SimulatedDisk disk = new SimulatedDisk(1);
    private LogDirectory logDirectory;
    private SimulatedPartition orders;

    @BeforeEach
    void open() throws IOException {
        logDirectory = LogDirectory.open(directory);
        orders = new SimulatedPartition(disk, logDirectory, "orders", SMALL_SEGMENTS);
    }

    @AfterEach
    void close() throws IOException {
        orders.close();
        logDirectory.close();
    }

    @ParameterizedTest
    @EnumSource(
            value = DiskOperation.class,
            names = {"FORCE", "FORCE_DIRECTORY"})
    void aRefusedFsyncTakesOnePartitionOfflineAndNoOther(DiskOperation refused) throws Exception {
        orders.append(10);
        try (var other = new SimulatedPartition(disk, logDirectory, "other", SMALL_SEGMENTS)) {
            disk.faults().failAfter(0, refused, DiskFailure.IO_ERROR);

            var outcome = orders.append(3000);
            disk.faults().clear();
            var later = orders.append(3000);

            assertThat(outcome).isInstanceOf(AppendOutcome.StorageFailed.class);
            assertThat(later).isInstanceOf(AppendOutcome.StorageFailed.class);
            assertThat(orders.partition().offlineReason().orElseThrow()).contains("fsync", "Input/output error");
            orders.requireAcknowledged();
            assertThat(other.append(10)).isInstanceOf(AppendOutcome.Appended.class);
            assertThat(other.partition().offlineReason()).isEmpty();
        }
    }

    @Test
    void aDiskThatFailsIsForSomebodyToLookAt() throws Exception {
        orders.append(10);
        disk.faults().failAfter(0, DiskOperation.FORCE, DiskFailure.IO_ERROR);
        orders.append(10);

        orders.partition().storage().bringBack();

        assertThat(orders.partition().offlineReason()).isPresent();
        assertThat(orders.append(10)).isInstanceOf(AppendOutcome.StorageFailed.class);
        assertThat(orders.partition().storage().close()).as("left in order").isFalse();
    }

    @Test
    void aFullDiskRefusesTheBatchAndTakesTheNextWhenThereIsRoomAgain() throws Exception {
        orders.append(500);
        orders.append(500);
        disk.limitCapacity(1500);

        var refused = orders.append(500);

        assertThat(refused).isInstanceOf(AppendOutcome.StorageFailed.class);
        assertThat(orders.partition().offlineReason()).isEmpty();
        assertThat(orders.endOffset()).isEqualTo(2);
        orders.requireWhole();
        disk.limitCapacity(Long.MAX_VALUE);
        assertThat(orders.append(500)).isEqualTo(new AppendOutcome.Appended(2, -1, 0));
        orders.restart();
        assertThat(orders.endOffset()).isEqualTo(3);
        orders.requireWhole();
    }

    @Test
    void aSegmentThatCanNotBeBegunLeavesTheLogAsItWas() throws Exception {
        orders.append(1800);
        disk.faults().failAfter(0, DiskOperation.OPEN, DiskFailure.NO_SPACE);

        var refused = orders.append(500);

        assertThat(refused).isInstanceOf(AppendOutcome.StorageFailed.class);
        assertThat(orders.partition().segments()).hasSize(1);
        assertThat(orders.append(500)).isEqualTo(new AppendOutcome.Appended(1, -1, 0));
        assertThat(orders.partition().segments()).hasSize(2);
        orders.requireWhole();
    }

    @Test
    void smallFilesThatFindNoRoomAreWrittenLater() throws Exception {
        orders.append(1800);
        orders.append(500);
        disk.faults().failEvery(1, DiskOperation.RENAME, DiskFailure.NO_SPACE);

        assertThat(orders.append(1800)).isInstanceOf(AppendOutcome.Appended.class);
        orders.checkpoint();

        assertThat(orders.partition().offlineReason()).isEmpty();
        assertThat(orders.partition().storage().findUpkeep().orElseThrow().recoveryPoint())
                .isLessThan(3);
        disk.faults().clear();
        orders.checkpoint();
        assertThat(orders.partition().storage().findUpkeep().orElseThrow().recoveryPoint())
                .isEqualTo(3);
        assertThat(disk.list(orders.path()))
                .contains("00000000000000000000.index", "00000000000000000003.snapshot", "leader-epoch-checkpoint");
        assertThat(orders.partition().storage().close()).as("left in order").isTrue();
    }

    @ParameterizedTest(name = "{0} unforced batches before")
    @ValueSource(ints = {0, 1, 20})
    void aDiskThatTurnsOutToBeFullComesBackByItself(int unforced) throws Exception {
        orders.append(10);
        orders.append(10);
        fillWhenForced();
        for (int i = 0; i < unforced; i++) {
            assertThat(orders.appendUnforced(300)).isInstanceOf(AppendOutcome.Appended.class);
        }
        assertThat(orders.append(500)).isInstanceOf(AppendOutcome.StorageFailed.class);
        orders.partition().storage().bringBack();
        assertThat(orders.partition().offlineReason().orElseThrow()).contains("No space left on device");
        orders.requireWhole();

        disk.limitCapacity(Long.MAX_VALUE);
        orders.partition().storage().bringBack();

        assertThat(orders.partition().offlineReason()).isEmpty();
        assertThat(orders.append(500))
                .as("the retry of what had been written")
                .isInstanceOf(AppendOutcome.Duplicate.class);
        assertThat(orders.append(500)).isEqualTo(new AppendOutcome.Appended(unforced + 3, -1, 0));
        orders.requireWhole();
        orders.cutPower();
        orders.requireAcknowledged();
        orders.requireWhole();
        assertThat(disk.list(orders.path())).doesNotContain("unforced-tail").noneMatch(name -> name.endsWith(".tmp"));
    }

    @Test
    void whatTheMemoryHasForgottenIsGivenUpAndAppendedAnew() throws Exception {
        orders.append(10);
        fillWhenForced();
        assertThat(orders.append(1500)).isInstanceOf(AppendOutcome.StorageFailed.class);
        assertThat(orders.endOffset()).isEqualTo(2);
        disk.dropCaches();

        disk.limitCapacity(Long.MAX_VALUE);
        orders.partition().storage().bringBack();

        assertThat(orders.endOffset()).isEqualTo(1);
        assertThat(orders.append(1500)).isEqualTo(new AppendOutcome.Appended(1, -1, 0));
        orders.cutPower();
        orders.requireAcknowledged();
        orders.requireWhole();
    }

    @Test
    void aBrokerThatIsStartedOnADiskThatIsStillFullServesReadsAndComesBack() throws Exception {
        orders.append(10);
        orders.checkpoint();
        orders.append(10);
        fillWhenForced();
        orders.append(500);

        orders.restart();

        assertThat(orders.partition().offlineReason().orElseThrow()).contains("No space left on device");
        orders.requireWhole();
        assertThat(orders.append(500)).isInstanceOf(AppendOutcome.StorageFailed.class);
        disk.limitCapacity(Long.MAX_VALUE);
        orders.partition().storage().bringBack();
        assertThat(orders.append(500)).isInstanceOf(AppendOutcome.Duplicate.class);
        orders.cutPower();
        orders.requireAcknowledged();
        orders.requireWhole();
    }

    @ParameterizedTest
    @EnumSource(DiskFailure.class)
    void aRestartDoesNotTakeForDurableWhatOnlyMemoryHolds(DiskFailure failure) throws Exception {
        for (int seed = 0; seed < 20; seed++) {
            var failing = new SimulatedDisk(seed);
            try (var partition = new SimulatedPartition(failing, logDirectory, "seed-" + seed, SMALL_SEGMENTS)) {
                partition.append(10);
                partition.checkpoint();
                partition.append(10);
                failing.faults().failAfter(0, DiskOperation.FORCE, failure);
                assertThat(partition.append(500)).isInstanceOf(AppendOutcome.StorageFailed.class);

                partition.restart();
                assertThat(partition.partition().offlineReason()).isEmpty();
                assertThat(partition.append(500)).isInstanceOf(AppendOutcome.Duplicate.class);

                partition.cutPower();
                partition.requireAcknowledged();
                partition.requireWhole();
            }
        }
    }

    private void fillWhenForced() {
        disk.tellThatItIsFullOnlyWhenForced(true);
        disk.limitCapacity(100);
    }
}
