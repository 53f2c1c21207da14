package io.vitrine.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A compaction ends before each single thing that it asks of the disk. What was flushed before is there afterwards,
/// the last value of each key as well as the sequence of each producer.
class CompactionCrashTests {
    private static final Path DIRECTORY = Path.of("/disk/topic-0");
    private static final int KEYS = 25;
    private static final int ENOUGH_FOR_ALL_KEYS = 100_000;
    private static final long SEED = 7;

    @ParameterizedTest(name = "second compaction: {0}")
    @ValueSource(booleans = {false, true})
    void theProcessIsKilled(boolean second) throws IOException {
        assertThat(crashEverywhere(second, SimulatedDisk::kill)).isGreaterThan(100);
    }

    @ParameterizedTest(name = "second compaction: {0}")
    @ValueSource(booleans = {false, true})
    void thePowerIsCut(boolean second) throws IOException {
        assertThat(crashEverywhere(second, SimulatedDisk::cutPower)).isGreaterThan(100);
    }

    @FunctionalInterface
    private interface Crash {
        void of(SimulatedDisk disk);
    }

    /// @return how often
    private static int crashEverywhere(boolean second, Crash crash) throws IOException {
        boolean crashed = true;
        int operations = 0;
        for (; crashed; operations++) {
            var disk = newDisk(operations);
            var compacted = filled(disk, second);
            disk.faults().stopAfter(operations);
            crashed = compactionFails(compacted);
            crash.of(disk);
            crashWhileOpening(disk, compacted, operations);
            disk.faults().clear();
            crash.of(disk);
            compacted.restartAfterCrash();

            compacted.requireSameValues();

            compacted.compact();
            compacted.requireLastValues();
            assertThat(disk.list(DIRECTORY)).noneMatch(name -> name.endsWith(".cleaned") || name.endsWith(".swap"));
            compacted.log().close();
        }
        return operations;
    }

    private static boolean compactionFails(CompactedLog compacted) {
        try {
            compacted.compact();
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    private static void crashWhileOpening(SimulatedDisk disk, CompactedLog compacted, int seed) {
        disk.faults().stopAfter(new Random(seed).nextInt(40));
        try {
            compacted.restartAfterCrash();
        } catch (IOException e) {
            assertThat(e).isNotInstanceOf(DamagedLogException.class);
        }
    }

    private static SimulatedDisk newDisk(int seed) throws IOException {
        var disk = new SimulatedDisk(seed);
        disk.createDirectories(DIRECTORY);
        disk.forceDirectory(Path.of("/"));
        disk.forceDirectory(Path.of("/disk"));
        return disk;
    }

    private static CompactedLog filled(SimulatedDisk disk, boolean second) throws IOException {
        var random = new Random(SEED);
        var compacted = new CompactedLog(disk, DIRECTORY, 1500, ENOUGH_FOR_ALL_KEYS);
        fill(compacted, random);
        if (second) {
            compacted.compact();
            compacted.passTime(2 * CompactedLog.RETENTION_MS);
            fill(compacted, random);
        }
        return compacted;
    }

    private static void fill(CompactedLog compacted, Random random) throws IOException {
        for (int i = 0; i < 40; i++) {
            compacted.append(random, KEYS);
        }
        compacted.flush();
    }
}
