package io.vitrine.partition;

import io.vitrine.log.CheckpointFile;
import io.vitrine.log.LogDirectory;
import io.vitrine.log.OffsetCheckpoint;
import io.vitrine.log.Offsets;
import io.vitrine.log.OpeningMarks;
import io.vitrine.metadata.TopicPartition;
import java.io.IOException;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The checkpoint files of one log directory, Kafka's: where each log has to be checked from after a crash, where it
/// starts, its high watermark, and how far it is compacted. What they said at the start is kept for partitions that
/// could not be opened.
final class DirectoryCheckpoints {
    private static final Logger log = LoggerFactory.getLogger(DirectoryCheckpoints.class);

    private final LogDirectory directory;
    private final Checkpoint recoveryPoints;
    private final Checkpoint logStarts;
    private final Checkpoint highWatermarks;
    private final Checkpoint cleaned;
    private final Map<String, Long> cleanedTo;

    DirectoryCheckpoints(LogDirectory directory) {
        this.directory = directory;
        this.recoveryPoints = new Checkpoint(directory.checkpoint(OffsetCheckpoint.RECOVERY_POINT));
        this.logStarts = new Checkpoint(directory.checkpoint(OffsetCheckpoint.LOG_START));
        this.highWatermarks = new Checkpoint(directory.checkpoint(OffsetCheckpoint.HIGH_WATERMARK));
        this.cleaned = new Checkpoint(directory.checkpoint(OffsetCheckpoint.CLEANER));
        this.cleanedTo = new ConcurrentHashMap<>(cleaned.atStart);
    }

    /// What is known of a log that is about to be opened.
    OpeningMarks marksOf(TopicPartition name, int leaderEpoch) {
        var key = name.toString();
        return new OpeningMarks(
                directory.wasCleanlyStopped() && recoveryPoints.isSound(),
                recoveryPoints.atStart(key),
                logStarts.atStart(key),
                leaderEpoch);
    }

    void writeRecoveryPoints(Iterable<Partition> partitions) {
        recoveryPoints.write(partitions, DirectoryCheckpoints::findRecoveryPoint);
    }

    void writeLogStarts(Iterable<Partition> partitions) {
        logStarts.write(partitions, DirectoryCheckpoints::findLogStart);
    }

    void writeHighWatermarks(Iterable<Partition> partitions) {
        highWatermarks.write(partitions, partition -> partition.findOffsets().map(Offsets::highWatermark));
    }

    /// The recovery point of a partition that the file has.
    long writtenRecoveryPoint(Partition partition) {
        return recoveryPoints.written(partition.name().toString());
    }

    /// The log start of a partition that the file has, from which the next start of the broker goes on.
    long writtenLogStart(Partition partition) {
        return logStarts.written(partition.name().toString());
    }

    /// Where the last compaction of a partition stopped, if that is known.
    OptionalLong cleanedTo(Partition partition) {
        var offset = cleanedTo.get(partition.name().toString());
        return offset == null ? OptionalLong.empty() : OptionalLong.of(offset);
    }

    /// Drops what the files say of partitions that are here no more: one of the same name may be made, and must not be
    /// taken for it.
    ///
    /// @param names of the partitions' directories
    synchronized void forget(Set<String> names) {
        recoveryPoints.forget(names);
        logStarts.forget(names);
        highWatermarks.forget(names);
        if (cleanedTo.keySet().removeAll(names)) {
            cleaned.write(Map.copyOf(cleanedTo));
        }
    }

    /// Drops what the files say of all other partitions.
    void forgetAllBut(Set<String> names) {
        var others = new HashSet<String>(cleanedTo.keySet());
        for (var checkpoint : List.of(recoveryPoints, logStarts, highWatermarks)) {
            others.addAll(checkpoint.names());
        }
        others.removeAll(names);
        forget(others);
    }

    /// Notes where a compaction has stopped, and drops what the file says of partitions that are here no more. If it
    /// can't be written, the next compaction after a restart does a part again.
    synchronized void noteCleanedTo(Partition partition, long offset, Collection<Partition> hosted) {
        if (partition.isDeleted()) {
            return;
        }
        var names = hosted.stream().map(one -> one.name().toString()).collect(Collectors.toSet());
        cleanedTo.keySet().retainAll(names);
        cleanedTo.put(partition.name().toString(), offset);
        cleaned.write(Map.copyOf(cleanedTo));
    }

    private static Optional<Long> findRecoveryPoint(Partition partition) {
        return partition.storage().findUpkeep().map(PartitionUpkeep::recoveryPoint);
    }

    /// It never leads what is durable: after a loss of power, it would lie behind the end.
    private static Optional<Long> findLogStart(Partition partition) {
        var offsets = partition.findOffsets();
        return partition.segments().stream()
                .findFirst()
                .flatMap(first -> offsets.map(marks ->
                        Math.min(marks.logStartOffset(), Math.max(marks.durableOffset(), first.baseOffset()))));
    }

    /// One of the files.
    private final class Checkpoint {
        private final CheckpointFile file;
        private final Map<String, Long> atStart;
        private final boolean sound;
        private Map<String, Long> written;

        Checkpoint(CheckpointFile file) {
            this.file = file;
            Map<String, Long> read = Map.of();
            boolean readable = true;
            try {
                read = file.read();
            } catch (IOException e) {
                readable = false;
                log.error("{}: {}; the logs are opened without it", directory.path(), e.getMessage());
            }
            this.atStart = new ConcurrentHashMap<>(read);
            this.sound = readable;
            this.written = read;
        }

        boolean isSound() {
            return sound;
        }

        long atStart(String key) {
            return atStart.getOrDefault(key, 0L);
        }

        synchronized long written(String key) {
            return written.getOrDefault(key, 0L);
        }

        /// Those that the file speaks of.
        synchronized Set<String> names() {
            return written.keySet();
        }

        synchronized void forget(Set<String> names) {
            atStart.keySet().removeAll(names);
            if (names.stream().anyMatch(written::containsKey)) {
                var others = new HashMap<>(written);
                others.keySet().removeAll(names);
                write(others);
            }
        }

        /// @param value empty if the log could not be opened, or the partition was deleted meanwhile
        synchronized void write(Iterable<Partition> partitions, Function<Partition, Optional<Long>> value) {
            var offsets = new HashMap<String, Long>();
            for (var partition : partitions) {
                if (!partition.logDirectory().equals(directory)) {
                    continue;
                }
                var key = partition.name().toString();
                var current = value.apply(partition);
                if (current.isPresent()) {
                    offsets.put(key, current.get());
                } else if (atStart.containsKey(key)) {
                    offsets.put(key, atStart(key));
                }
            }
            write(offsets);
        }

        synchronized void write(Map<String, Long> offsets) {
            if (offsets.equals(written)) {
                return;
            }
            try {
                file.write(offsets);
                written = offsets;
            } catch (IOException e) {
                log.warn(
                        "{}: a checkpoint could not be written, which will be tried again: {}",
                        directory.path(),
                        e.toString());
            }
        }
    }
}
