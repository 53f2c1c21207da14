package io.vitrine.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/// A log directory with one partition on a [SimulatedDisk]: the checkpoints and the mark of an orderly stop, as
/// [LogDirectory] and the partitions' owner keep them.
final class SimulatedLogDirectory {
    static final Path PARTITION = Path.of("/disk/topic-0");
    private static final Path PATH = Path.of("/disk");
    private static final Path MARK = PATH.resolve(".kafka_cleanshutdown");
    private static final String NAME = "topic-0";

    private final SimulatedDisk disk;

    SimulatedLogDirectory(SimulatedDisk disk) throws IOException {
        this.disk = disk;
        disk.createDirectories(PARTITION);
        disk.forceDirectory(Path.of("/"));
        disk.forceDirectory(PATH);
    }

    /// What is known of the log; from now on it is in use.
    OpeningMarks marks(int leaderEpoch) throws IOException {
        boolean clean = disk.exists(MARK);
        disk.delete(MARK);
        disk.forceDirectory(PATH);
        var recoveryPoint = read(OffsetCheckpoint.RECOVERY_POINT);
        var logStart = read(OffsetCheckpoint.LOG_START);
        return new OpeningMarks(
                clean && recoveryPoint.isPresent(), recoveryPoint.orElse(0L), logStart.orElse(0L), leaderEpoch);
    }

    void writeRecoveryPoint(PartitionLog log) throws IOException {
        checkpoint(OffsetCheckpoint.RECOVERY_POINT)
                .write(Map.of(NAME, log.upkeep().recoveryPoint()));
    }

    /// Returns the log start that was written, which does not lead what is durable.
    long writeLogStart(PartitionLog log) throws IOException {
        long durable = Math.max(
                log.offsets().durableOffset(), log.segments().getFirst().baseOffset());
        long start = Math.min(log.logStartOffset(), durable);
        checkpoint(OffsetCheckpoint.LOG_START).write(Map.of(NAME, start));
        return start;
    }

    void markCleanlyStopped() throws IOException {
        SmallFile.write(disk, MARK, ByteBuffer.allocate(1));
    }

    private Optional<Long> read(OffsetCheckpoint which) throws IOException {
        return Optional.ofNullable(checkpoint(which).read().get(NAME));
    }

    private CheckpointFile checkpoint(OffsetCheckpoint which) {
        return new CheckpointFile(disk, PATH.resolve(which.fileName()));
    }
}
