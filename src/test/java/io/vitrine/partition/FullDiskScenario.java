package io.vitrine.partition;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.log.DiskFailure;
import io.vitrine.log.DiskOperation;
import io.vitrine.log.LogDirectory;
import io.vitrine.log.LogSettings;
import io.vitrine.log.SimulatedDisk;
import java.io.IOException;
import java.util.Random;

/// The life of one partition, decided by a seed, on a disk that is full now and then, notices it at once or when it
/// is forced, refuses to force files and forgets what it could not force; the broker is killed, the power is cut.
/// What was answered for is there after each step.
final class FullDiskScenario implements AutoCloseable {
    private static final int STEPS = 150;

    private final Random random;
    private final SimulatedDisk disk;
    private final SimulatedPartition partition;
    private boolean mayHaveGaps;
    private int broughtBack;

    FullDiskScenario(long seed, LogDirectory directory) throws IOException {
        this.random = new Random(seed);
        this.disk = new SimulatedDisk(random.nextLong());
        var segments = new LogSettings.Segments(1 << random.nextInt(9, 15), Long.MAX_VALUE, 0, 200, 10_000);
        this.partition = new SimulatedPartition(disk, directory, "orders", LogSettings.DEFAULTS.withSegments(segments));
    }

    void run() throws IOException {
        for (int i = 0; i < STEPS; i++) {
            step();
            partition.requireAcknowledged();
        }
        disk.faults().clear();
        disk.limitCapacity(Long.MAX_VALUE);
        if (isOffline()) {
            partition.restart();
        }
        assertThat(partition.append()).isNotInstanceOf(AppendOutcome.StorageFailed.class);
        partition.cutPower();
        partition.requireAcknowledged();
        assertThat(partition.append()).isInstanceOf(AppendOutcome.Appended.class);
    }

    int acknowledgedCount() {
        return partition.acknowledgedCount();
    }

    int broughtBack() {
        return broughtBack;
    }

    @Override
    public void close() {
        partition.close();
    }

    private void step() throws IOException {
        int what = random.nextInt(100);
        if (what < 40) {
            partition.append();
        } else if (what < 50) {
            partition.appendUnforced(random.nextInt(2000));
        } else if (what < 58) {
            partition.checkpoint();
        } else if (what < 64) {
            disk.tellThatItIsFullOnlyWhenForced(random.nextBoolean());
            disk.limitCapacity(random.nextInt(100_000));
        } else if (what < 74) {
            disk.limitCapacity(Long.MAX_VALUE);
        } else if (what < 80) {
            disk.faults()
                    .failAfter(
                            random.nextInt(3),
                            random.nextInt(4) == 0 ? DiskOperation.FORCE_DIRECTORY : DiskOperation.FORCE,
                            random.nextInt(3) == 0 ? DiskFailure.IO_ERROR : DiskFailure.NO_SPACE);
        } else if (what < 90) {
            bringBack();
        } else if (what < 92) {
            forget();
        } else if (what < 96) {
            disk.faults().clear();
            partition.restart();
        } else if (what < 98) {
            partition.cutPower();
            mayHaveGaps = true;
        }
    }

    /// Memory forgets what never came to disk, right before it is looked for.
    private void forget() throws IOException {
        disk.faults().clear();
        disk.limitCapacity(Long.MAX_VALUE);
        disk.dropCaches();
        mayHaveGaps = true;
        bringBack();
        if (isOffline()) {
            partition.restart();
        }
    }

    /// Where something fails in the middle of it, somebody starts the broker again.
    private void bringBack() throws IOException {
        boolean undisturbed = random.nextInt(4) > 0;
        if (undisturbed) {
            disk.faults().clear();
        }
        boolean wasOffline = isOffline();
        partition.partition().storage().bringBack();
        if (!isOffline()) {
            broughtBack += wasOffline ? 1 : 0;
            if (!mayHaveGaps) {
                partition.requireWhole();
            }
        } else if (!undisturbed) {
            disk.faults().clear();
            partition.restart();
        }
    }

    private boolean isOffline() {
        return partition.partition().offlineReason().isPresent();
    }
}
