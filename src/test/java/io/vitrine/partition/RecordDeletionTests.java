package io.vitrine.partition;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.log.DiskFailure;
import io.vitrine.log.DiskOperation;
import io.vitrine.log.LogDirectory;
import io.vitrine.log.Offsets;
import io.vitrine.log.ProcessDisk;
import io.vitrine.log.SimulatedDisk;
import io.vitrine.metadata.MetadataService;
import io.vitrine.metadata.MetadataSettings;
import io.vitrine.metadata.TopicPartition;
import io.vitrine.record.Batches;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Records that somebody deletes are gone when that is answered, and not before.
class RecordDeletionTests {
    private static final int NODE_ID = 1;

    @TempDir
    Path work;

    private final SimulatedDisk disk = new SimulatedDisk(1);

    @SuppressWarnings("NullAway.Init")
    private MetadataService metadata;

    @SuppressWarnings("NullAway.Init")
    private ProcessDisk process;

    @SuppressWarnings("NullAway.Init")
    private LogDirectory logDirectory;

    @SuppressWarnings("NullAway.Init")
    private PartitionLogService service;

    @BeforeEach
    void start() throws Exception {
        metadata = MetadataService.open(MetadataSettings.of(NODE_ID, work.resolve("metadata")));
        metadata.createTopic("orders", 1, Map.of());
        disk.createDirectories(work.resolve("logs"));
        for (var above = work.resolve("logs"); above != null; above = above.getParent()) {
            disk.forceDirectory(above);
        }
        begin();
        for (int i = 0; i < 5; i++) {
            orders().append(Batches.of("value " + i), Durability.DISK, true).join();
        }
    }

    @AfterEach
    void stop() throws Exception {
        service.close();
        logDirectory.close();
        metadata.close();
    }

    @Test
    void aLogStartThatTheDiskDoesNotTakeIsAnsweredAsAFailure() throws Exception {
        disk.faults().failEvery(1, DiskOperation.RENAME, DiskFailure.IO_ERROR);

        assertThat(deleteBefore(3))
                .isInstanceOfSatisfying(
                        DeleteRecordsOutcome.StorageFailed.class,
                        failed -> assertThat(failed.reason())
                                .isEqualTo("that the log starts at 3 could not be written down"));
        assertThat(offsets().logStartOffset()).isEqualTo(3);
        disk.faults().clear();
        cutPower();
        assertThat(offsets().logStartOffset()).isZero();

        assertThat(deleteBefore(3)).isEqualTo(new DeleteRecordsOutcome.Deleted(3));
        cutPower();
        assertThat(offsets().logStartOffset()).isEqualTo(3);
        assertThat(offsets().logEndOffset()).isEqualTo(5);
    }

    @Test
    void whatCanNotBeForcedIsNotDeletedEither() throws Exception {
        orders().append(Batches.of("not forced"), Durability.PAGE_CACHE, true).join();
        disk.faults().failAfter(0, DiskOperation.FORCE, DiskFailure.IO_ERROR);

        assertThat(deleteBefore(RecordDeletion.ALL))
                .isInstanceOfSatisfying(
                        DeleteRecordsOutcome.StorageFailed.class,
                        failed -> assertThat(failed.reason()).contains("fsync", "Input/output error"));
        cutPower();
        assertThat(offsets().logStartOffset()).isLessThanOrEqualTo(5);
        assertThat(offsets().logEndOffset()).isGreaterThanOrEqualTo(5);
    }

    private DeleteRecordsOutcome deleteBefore(long offset) {
        return service.recordDeletion()
                .delete(List.of(new RecordDeletion.Wish(orders(), offset)))
                .getFirst();
    }

    private Partition orders() {
        return service.find(new TopicPartition("orders", 0)).orElseThrow();
    }

    private Offsets offsets() {
        return orders().findOffsets().orElseThrow();
    }

    private void cutPower() throws Exception {
        process.end();
        disk.cutPower();
        service.close();
        logDirectory.close();
        begin();
    }

    private void begin() throws Exception {
        process = new ProcessDisk(disk);
        logDirectory = LogDirectory.open(work.resolve("logs"), process.disk());
        service = new PartitionLogService(
                PartitionSettings.of(NODE_ID, TopicRules.KAFKA_DEFAULTS, true),
                List.of(logDirectory),
                Clock.systemUTC());
        logDirectory.markInUse();
        service.apply(metadata.image());
    }
}
