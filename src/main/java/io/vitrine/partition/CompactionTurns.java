package io.vitrine.partition;

import java.util.HashSet;
import java.util.Set;

/// Whose turn it is with a log: it is compacted by one thread at a time, and by none while it is held for something
/// else. Thread-safe.
final class CompactionTurns {
    private final Set<Partition> taken = new HashSet<>();

    /// Takes the turn if nobody has it.
    synchronized boolean tryTake(Partition partition) {
        return taken.add(partition);
    }

    synchronized boolean isTaken(Partition partition) {
        return taken.contains(partition);
    }

    /// Takes the turn, after whoever has it.
    synchronized void take(Partition partition) throws InterruptedException {
        while (!taken.add(partition)) {
            wait();
        }
    }

    synchronized void giveBack(Partition partition) {
        taken.remove(partition);
        notifyAll();
    }

    /// Keeps a log from being compacted and its segments from being removed, until it is released. Waits for a
    /// compaction that is under way.
    void hold(Partition partition) throws InterruptedException {
        take(partition);
        try {
            partition.storage().findUpkeep().ifPresent(PartitionUpkeep::hold);
        } catch (RuntimeException e) {
            giveBack(partition);
            throw e;
        }
    }

    void release(Partition partition) {
        partition.storage().findUpkeep().ifPresent(PartitionUpkeep::release);
        giveBack(partition);
    }
}
