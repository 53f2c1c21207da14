package io.vitrine.partition;

import io.vitrine.log.LogBrokenException;
import io.vitrine.log.LogUpkeep;
import io.vitrine.log.PartitionLog;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.locks.Lock;
import java.util.function.Supplier;

/// What is done to one partition's log now and then, each part under the lock it needs: changes under that of the
/// appends, waiting for the disk outside it.
final class PartitionUpkeep {
    private final PartitionLog partitionLog;
    private final LogUpkeep upkeep;
    private final Lock appendLock;
    private final PartitionWatchers watchers;
    private final PartitionCompaction compaction;
    // Guarded by `appendLock`.
    private boolean replaced;
    private long endAtLastLook = -1;

    PartitionUpkeep(PartitionLog partitionLog, PartitionAppends appends) {
        this.partitionLog = partitionLog;
        this.upkeep = partitionLog.upkeep();
        this.appendLock = appends.lock();
        this.watchers = appends.watchers();
        this.compaction = new PartitionCompaction(partitionLog, appends);
    }

    PartitionLog partitionLog() {
        return partitionLog;
    }

    /// Brings a log back whose fsync failed for want of room. What deletes or compacts is kept away meanwhile, and
    /// afterwards: it is done to the new log.
    ///
    /// @return the log that takes the place of this one; empty while there is no room, or it is being compacted
    Optional<PartitionLog> reopen(int leaderEpoch) throws IOException {
        if (!locked(this::beginReplacing)) {
            return Optional.empty();
        }
        var reopened = Optional.<PartitionLog>empty();
        try {
            reopened = upkeep.reopen(leaderEpoch);
            return reopened;
        } finally {
            if (reopened.isEmpty()) {
                locked(this::endReplacing);
            }
        }
    }

    private boolean beginReplacing() {
        if (upkeep.compaction().isRunning()) {
            return false;
        }
        upkeep.compaction().begin();
        replaced = true;
        return true;
    }

    private boolean endReplacing() {
        upkeep.compaction().end();
        replaced = false;
        return true;
    }

    /// Everything before it needs no check after a crash.
    long recoveryPoint() {
        return upkeep.recoveryPoint();
    }

    /// How the log is compacted.
    PartitionCompaction compaction() {
        return compaction;
    }

    /// Forces the log and notes what makes opening it quick.
    ///
    /// @throws LogBrokenException if the disk refused the flush
    void checkpoint() throws IOException {
        upkeep.checkpoint(locked(upkeep::now));
    }

    /// Leaves the log as the next opening wants it. Nothing is appended any more.
    void finish() throws IOException {
        upkeep.finish(locked(upkeep::now));
    }

    /// Raises the log start where the log's rules say so.
    ///
    /// @return whether there are segments to remove
    boolean retain(long nowMs) throws IOException {
        startAt(Math.max(upkeep.retainFrom(nowMs), partitionLog.logStartOffset()));
        return upkeep.hasSegmentsToRemove();
    }

    /// Hides the records before `offset` from now on.
    ///
    /// @throws IllegalArgumentException if `offset` is behind the end, or the log is being opened anew
    void startAt(long offset) {
        boolean rises;
        appendLock.lock();
        try {
            rises = offset > partitionLog.logStartOffset();
            if (replaced) {
                throw new IllegalArgumentException("The log is being opened anew after its disk was full");
            }
            upkeep.startAt(offset);
        } finally {
            appendLock.unlock();
        }
        if (rises) {
            watchers.changed();
        }
    }

    /// Keeps segments from being removed, as during a compaction.
    void hold() {
        locked(() -> {
            upkeep.compaction().begin();
            return true;
        });
    }

    void release() {
        upkeep.compaction().end();
    }

    /// Closes the segment that is appended to, unless it is empty. It is forced with the next checkpoint.
    void closeActive() throws IOException {
        appendLock.lock();
        try {
            if (replaced) {
                throw new IOException("the log is being opened anew after its disk was full");
            }
            upkeep.closeActive();
        } finally {
            appendLock.unlock();
        }
    }

    /// Takes away the segments before the log start, which has been written down.
    ///
    /// @return how many
    int removeSegments(long nowMs) throws IOException {
        appendLock.lock();
        try {
            return upkeep.removeSegments(nowMs);
        } finally {
            appendLock.unlock();
        }
    }

    /// How long the files of segments that were taken away stay.
    long fileDeleteDelayMs() {
        return partitionLog.settings().retention().fileDeleteDelayMs();
    }

    /// Deletes files whose time has come.
    void purge(long nowMs) throws IOException {
        upkeep.purge(nowMs);
    }

    void forgetProducers(long nowMs) {
        locked(() -> {
            upkeep.forgetProducers(nowMs);
            return true;
        });
    }

    /// Closes the files of a log that nobody has appended to since the last look.
    void releaseIfIdle() throws IOException {
        appendLock.lock();
        try {
            long end = partitionLog.logEndOffset();
            if (end == endAtLastLook) {
                upkeep.releaseIdle();
            }
            endAtLastLook = end;
        } finally {
            appendLock.unlock();
        }
    }

    private <T> T locked(Supplier<T> what) {
        appendLock.lock();
        try {
            return what.get();
        } finally {
            appendLock.unlock();
        }
    }
}
