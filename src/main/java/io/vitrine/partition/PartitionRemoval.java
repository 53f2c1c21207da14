package io.vitrine.partition;

import io.vitrine.log.DirectoryTree;
import io.vitrine.log.Disk;
import io.vitrine.log.LogDirectory;
import io.vitrine.log.PartitionLog;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Ends the service of partitions whose topic was deleted, and removes what they leave on the disk:
/// ```
///   orders-0 ──▶ orders-0.2f1c…-delete ──(file.delete.delay.ms, on the thread of the upkeep)──▶ gone
/// ```
/// The new name is Kafka's, and frees the old one for a topic that is made again. A start goes on with directories
/// that have it already.
final class PartitionRemoval {
    private static final Logger log = LoggerFactory.getLogger(PartitionRemoval.class);
    // Answers that are being made may still read from the files.
    private static final long MIN_DELAY_MS = 1_000;

    private final StorageUpkeep upkeep;
    private final Map<LogDirectory, DirectoryCheckpoints> checkpoints;
    private final AtomicInteger pending = new AtomicInteger();
    private final LongAdder count = new LongAdder();
    private final PartitionTotals totals = new PartitionTotals();
    private final Queue<Path> strays = new ConcurrentLinkedQueue<>();

    /// A directory that waits to be removed.
    ///
    /// @param log what had it open; null if nothing had
    private record Departed(
            Disk disk, Path directory, @Nullable PartitionLog log) {}

    PartitionRemoval(StorageUpkeep upkeep, Map<LogDirectory, DirectoryCheckpoints> checkpoints) {
        this.upkeep = upkeep;
        this.checkpoints = checkpoints;
    }

    /// What has been removed, and what has not.
    RemovedPartitions removed() {
        return new RemovedPartitions(count.sum(), totals, pending.get(), List.copyOf(strays));
    }

    /// Ends the service of partitions that nobody can find any more. When this returns their names are free, and no
    /// checkpoint speaks of them.
    void remove(Collection<Partition> partitions) {
        if (partitions.isEmpty()) {
            return;
        }
        var departed = new ArrayList<Departed>();
        long delayMs = MIN_DELAY_MS;
        for (var partition : partitions) {
            delayMs = Math.max(
                    delayMs,
                    partition
                            .storage()
                            .findUpkeep()
                            .map(PartitionUpkeep::fileDeleteDelayMs)
                            .orElse(0L));
            remove(partition, departed);
        }
        count.add(partitions.size());
        partitions.forEach(partition -> totals.add(partition.totals()));
        forceDirectories(partitions);
        var names = partitions.stream().map(one -> one.name().toString()).collect(Collectors.toSet());
        checkpoints.values().forEach(one -> one.forget(names));
        purgeLater(departed, delayMs);
    }

    /// Finishes what an earlier process has left half done: looks through the log directories before their logs are
    /// opened, and has the checkpoints speak of no other logs than those that will be.
    void settle(LeftoverDirectories leftovers) {
        for (var entry : checkpoints.entrySet()) {
            try {
                leftovers.settle(entry.getKey());
            } catch (IOException e) {
                log.error("{} can't be brought in order: {}", entry.getKey().path(), e.toString());
            }
            purgeSoon(entry.getKey().disk(), leftovers.takeRemovable());
        }
        var served = leftovers.served();
        checkpoints.values().forEach(one -> one.forgetAllBut(served));
        strays.addAll(leftovers.strays());
    }

    /// Has directories removed soon that were given their last name by an earlier process.
    private void purgeSoon(Disk disk, Collection<Path> directories) {
        purgeLater(
                directories.stream()
                        .map(directory -> new Departed(disk, directory, null))
                        .toList(),
                0);
    }

    private static void remove(Partition partition, List<Departed> departed) {
        var disk = partition.logDirectory().disk();
        var directory = partition.logDirectory().path().resolve(partition.name().toString());
        var aside = PartitionDirectory.aside(directory, PartitionDirectory.DELETED);
        var opened = partition.storage().delete().orElse(null);
        try {
            if (opened != null) {
                opened.upkeep().moveTo(aside);
            } else if (disk.isDirectory(directory)) {
                disk.rename(directory, aside);
            } else {
                return;
            }
            departed.add(new Departed(disk, aside, opened));
        } catch (IOException e) {
            log.error("{}: its directory can't be renamed, and stays until the next start", partition.name(), e);
            close(opened);
        }
    }

    /// Else a loss of power could bring the old names back, for a topic that was made again. If the disk refuses, no
    /// log is made in that directory any more.
    private static void forceDirectories(Collection<Partition> partitions) {
        var used = new LinkedHashSet<LogDirectory>();
        partitions.forEach(partition -> used.add(partition.logDirectory()));
        for (var directory : used) {
            try {
                directory.forceNames();
            } catch (IOException e) {
                log.error(
                        "{} refused an fsync; new partitions there will be offline: {}",
                        directory.path(),
                        e.toString());
            }
        }
    }

    private void purgeLater(Collection<Departed> departed, long delayMs) {
        pending.addAndGet(departed.size());
        for (var one : departed) {
            upkeep.later("removing " + one.directory().getFileName(), delayMs, () -> purge(one));
        }
    }

    private void purge(Departed departed) {
        pending.decrementAndGet();
        try {
            // Who was at work on it when it was renamed may have opened files since.
            if (departed.log() != null) {
                departed.log().upkeep().leave();
                close(departed.log());
            }
            DirectoryTree.delete(departed.disk(), departed.directory());
        } catch (IOException e) {
            log.warn("{} can't be removed, which the next start tries again: {}", departed.directory(), e.toString());
        }
    }

    private static void close(@Nullable PartitionLog opened) {
        if (opened == null) {
            return;
        }
        try {
            opened.close();
        } catch (IOException e) {
            log.debug("A file of a deleted partition could not be closed in order", e);
        }
    }
}
