package io.vitrine.partition;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.log.Disk;
import io.vitrine.log.DiskFailure;
import io.vitrine.log.DiskOperation;
import io.vitrine.log.SimulatedDisk;
import io.vitrine.record.Batches;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A partition whose log lies on a disk that reads and writes in pieces, fails, and loses its power.
class SimulatedPartitionContractTests extends PartitionContractTests {
    private static final int APPENDS = 150;

    private final SimulatedDisk disk = new SimulatedDisk(42);

    @Override
    Disk disk() {
        return disk;
    }

    @Override
    Path place() {
        return Path.of("/disk/orders-0");
    }

    @BeforeEach
    @Override
    void start() throws IOException {
        disk.createDirectories(place());
        disk.forceDirectory(Path.of("/"));
        disk.forceDirectory(Path.of("/disk"));
        disk.faults().workPiecemeal(true);
        super.start();
    }

    @ParameterizedTest
    @CsvSource({"WRITE, 3", "WRITE, 10", "OPEN, 2", "TRUNCATE, 1", "RENAME, 2", "FORCE, 9", "FORCE_DIRECTORY, 3"})
    void whatIsAcknowledgedOutlivesADiskThatFailsAndALossOfPower(DiskOperation operation, int every) throws Exception {
        disk.faults().failEvery(every, operation, DiskFailure.IO_ERROR);
        if (operation == DiskOperation.TRUNCATE) {
            disk.faults().failEvery(7, DiskOperation.WRITE, DiskFailure.NO_SPACE);
        }
        var acknowledged = new TreeMap<Long, ByteBuffer>();
        for (int i = 0; i < APPENDS; i++) {
            var batch = Batches.of("value-" + i, "x".repeat(i));
            var outcome = append(batch, Durability.DISK).get(1, TimeUnit.MINUTES);
            if (outcome instanceof AppendOutcome.Appended(long baseOffset, long _, long _)) {
                assertThat(acknowledged.put(baseOffset, batch)).isNull();
            } else {
                assertThat(outcome).isInstanceOf(AppendOutcome.StorageFailed.class);
            }
        }
        disk.faults().clear();
        // What was open is gone with the power.
        disk.cutPower();
        partition = open();

        for (var batch : acknowledged.entrySet()) {
            assertThat(batches(batch.getKey(), 1).getFirst().bytes()).isEqualTo(batch.getValue());
        }
    }

    @Test
    void aWriteThatFailsLeavesNothingBehind() throws Exception {
        append(Batches.of("a"), Durability.DISK).get();
        long size = partition.sizeInBytes();
        // All of them: the first one may be that of a small file, which is written behind an answer.
        disk.faults().failEvery(1, DiskOperation.WRITE, DiskFailure.NO_SPACE);

        assertThat(append(Batches.of("b".repeat(500)), Durability.DISK).get())
                .isInstanceOf(AppendOutcome.StorageFailed.class);
        disk.faults().clear();

        assertThat(partition.sizeInBytes()).isEqualTo(size);
        assertThat(append(Batches.of("c"), Durability.DISK).get()).isEqualTo(new AppendOutcome.Appended(1, -1, 0));
        assertThat(batches(0, 10_000)).hasSize(2);
    }
}
