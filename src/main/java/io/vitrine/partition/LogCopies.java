package io.vitrine.partition;

import io.vitrine.log.LogDirectory;
import io.vitrine.log.OffsetCheckpoint;
import io.vitrine.log.Offsets;
import io.vitrine.log.OpeningMarks;
import io.vitrine.metadata.TopicPartition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Copies logs as they are at one moment, and has such copies opened as logs. Closed segments are linked to, not
/// copied, so a copy costs a few files, and its bytes only once.
public final class LogCopies {
    private static final Comparator<Partition> BY_NAME = Comparator.comparing(
                    (Partition partition) -> partition.name().topic())
            .thenComparingInt(partition -> partition.name().partition());

    private final CompactionTurns turns;
    private final StorageUpkeep upkeep;
    private final Map<TopicPartition, LogCopy> ready = new ConcurrentHashMap<>();

    LogCopies(CompactionTurns turns, StorageUpkeep upkeep) {
        this.turns = turns;
        this.upkeep = upkeep;
    }

    /// Copies all these logs as they are at one and the same moment, into directories below `target`: what is in one
    /// of them because of what is in another is there with it. Appends go on meanwhile, but for that moment.
    ///
    /// @throws IOException if one of them is offline, or the disk fails
    public List<LogCopy> copy(Collection<Partition> partitions, Path target) throws IOException, InterruptedException {
        var sorted = partitions.stream().sorted(BY_NAME).toList();
        for (var partition : sorted) {
            requireOnline(partition);
        }
        var held = new ArrayList<Partition>();
        try {
            for (var partition : sorted) {
                turns.hold(partition);
                held.add(partition);
            }
            var copies = cut(sorted, target);
            for (int i = 0; i < copies.size(); i++) {
                var partition = sorted.get(i);
                // What the closed segments lack on disk, they and what goes with them.
                partition.storage().checkpoint();
                requireOnline(partition);
                LinkedFiles.link(
                        directory(partition),
                        copies.get(i).directory(),
                        copies.get(i).end());
                // Were it deleted and made again meanwhile, these would be the files of another topic.
                requireOnline(partition);
            }
            Files.createDirectories(target);
            LinkedFiles.force(target);
            return copies;
        } finally {
            held.forEach(turns::release);
            upkeep.removeSegments(held);
        }
    }

    /// Closes the segment that is appended to in every log, while nothing is appended to any. Whoever appends takes
    /// one of these locks and no other, so taking all of them in a row can't end in a deadlock.
    private static List<LogCopy> cut(List<Partition> partitions, Path target) throws IOException {
        var locked = new ArrayList<Partition>();
        try {
            for (var partition : partitions) {
                partition.appends().lock().lock();
                locked.add(partition);
            }
            var copies = new ArrayList<LogCopy>();
            for (var partition : partitions) {
                upkeep(partition).closeActive();
                var offsets = offsets(partition);
                copies.add(new LogCopy(
                        partition.name(),
                        target.resolve(partition.name().toString()),
                        offsets.logStartOffset(),
                        offsets.logEndOffset()));
            }
            return copies;
        } finally {
            locked.forEach(partition -> partition.appends().lock().unlock());
        }
    }

    /// Makes of a copy a directory that can be opened as a log: with a segment of its own to append to, so that
    /// nothing is ever written to files that the copy shares.
    public static LogCopy stage(LogCopy copy, Path directory) throws IOException {
        LinkedFiles.link(copy.directory(), directory, copy.end());
        Files.createFile(directory.resolve("%020d.log".formatted(copy.end())));
        LinkedFiles.force(directory);
        return new LogCopy(copy.partition(), directory, copy.logStart(), copy.end());
    }

    /// Has logs of these names, when they are to be opened, begin with what lies ready for them. What lies ready is
    /// moved to its place then.
    public void layReady(Collection<LogCopy> staged) {
        staged.forEach(copy -> ready.put(copy.partition(), copy));
    }

    /// Forgets what lies ready and was not opened.
    public void forgetReady() {
        ready.clear();
    }

    /// Writes down where the logs start, and that all of them is on disk which is.
    public void writeCheckpoints() {
        upkeep.writeLogStarts();
        upkeep.writeRecoveryPoints();
        upkeep.writeHighWatermarks();
    }

    /// Does anything lie ready for this log? It is in the first log directory then.
    boolean isReady(TopicPartition name) {
        return ready.containsKey(name);
    }

    /// Moves what lies ready for a log to its place, if anything does.
    ///
    /// @param directory where the log will lie
    /// @return what is known of it then
    Optional<OpeningMarks> take(TopicPartition name, Path directory, int leaderEpoch) throws IOException {
        @Nullable LogCopy copy = ready.remove(name);
        if (copy == null) {
            return Optional.empty();
        }
        Files.move(copy.directory(), directory, StandardCopyOption.ATOMIC_MOVE);
        return Optional.of(new OpeningMarks(true, copy.end(), copy.logStart(), leaderEpoch));
    }

    /// Finishes what a crash has interrupted, before any log is opened: moves staged copies to their places, from
    /// which whatever is there is moved aside, and has the checkpoints of their directory speak of them.
    ///
    /// @param all those that were staged; of some there may be nothing left to be moved
    /// @param directories all log directories; the copies go into the first
    public static void finish(Collection<LogCopy> all, List<LogDirectory> directories) throws IOException {
        var target = directories.getFirst();
        var unmoved = new ArrayList<LogCopy>();
        for (var copy : all) {
            if (Files.isDirectory(copy.directory())) {
                unmoved.add(copy);
            }
        }
        for (var copy : unmoved) {
            var name = copy.partition().toString();
            for (var directory : directories) {
                moveAside(directory.path().resolve(name));
            }
            Files.move(copy.directory(), target.path().resolve(name), StandardCopyOption.ATOMIC_MOVE);
        }
        for (var directory : directories) {
            LinkedFiles.force(directory.path());
        }
        note(target, OffsetCheckpoint.LOG_START, all, unmoved, true);
        note(target, OffsetCheckpoint.RECOVERY_POINT, all, unmoved, false);
        forget(target, OffsetCheckpoint.HIGH_WATERMARK, unmoved);
        forget(target, OffsetCheckpoint.CLEANER, unmoved);
    }

    private static void moveAside(Path directory) throws IOException {
        if (Files.exists(directory)) {
            var aside = PartitionDirectory.aside(directory, PartitionDirectory.DELETED);
            Files.move(directory, aside, StandardCopyOption.ATOMIC_MOVE);
        }
    }

    /// What a checkpoint says of a log that had been moved already is of that log; of the others it is of those
    /// before them.
    private static void note(
            LogDirectory target,
            OffsetCheckpoint which,
            Collection<LogCopy> all,
            Collection<LogCopy> unmoved,
            boolean starts)
            throws IOException {
        var offsets = new HashMap<>(target.read(which));
        unmoved.forEach(copy -> offsets.remove(copy.partition().toString()));
        all.forEach(
                copy -> offsets.merge(copy.partition().toString(), starts ? copy.logStart() : copy.end(), Math::max));
        target.checkpoint(which).write(offsets);
    }

    private static void forget(LogDirectory target, OffsetCheckpoint which, Collection<LogCopy> copies)
            throws IOException {
        var offsets = new HashMap<>(target.read(which));
        copies.forEach(copy -> offsets.remove(copy.partition().toString()));
        target.checkpoint(which).write(offsets);
    }

    private static void requireOnline(Partition partition) throws IOException {
        var reason = partition.offlineReason();
        if (reason.isPresent() || partition.storage().findUpkeep().isEmpty()) {
            throw new IOException(
                    "%s is offline: %s".formatted(partition.name(), reason.orElse("its log is not open")));
        }
    }

    private static PartitionUpkeep upkeep(Partition partition) throws IOException {
        return partition
                .storage()
                .findUpkeep()
                .orElseThrow(() -> new IOException("%s is not open any more".formatted(partition.name())));
    }

    private static Offsets offsets(Partition partition) throws IOException {
        return partition
                .findOffsets()
                .orElseThrow(() -> new IOException("%s is not open any more".formatted(partition.name())));
    }

    private static Path directory(Partition partition) {
        return partition.logDirectory().path().resolve(partition.name().toString());
    }
}
