package io.vitrine.partition;

import io.vitrine.log.CleanableRange;
import io.vitrine.log.Cleaned;
import io.vitrine.log.CleanerMemory;
import io.vitrine.log.DamagedRange;
import io.vitrine.log.LogBrokenException;
import io.vitrine.log.LogCompaction;
import io.vitrine.log.LogSettings;
import io.vitrine.log.LogUpkeep;
import io.vitrine.log.PartitionLog;
import io.vitrine.log.Throttle;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;

/// The compaction of one partition's log. Only its beginning and its end need the lock of the appends; what it reads
/// and writes in between is closed.
final class PartitionCompaction {
    private final PartitionLog partitionLog;
    private final LogCompaction compaction;
    private final PartitionAppends appends;

    PartitionCompaction(PartitionLog partitionLog, PartitionAppends appends) {
        this.partitionLog = partitionLog;
        this.compaction = partitionLog.upkeep().compaction();
        this.appends = appends;
    }

    /// What makes a failed attempt worth another one, when it changes.
    record Fingerprint(long activeBaseOffset, long logStartOffset, int damagedRanges) {}

    Fingerprint fingerprint() {
        return new Fingerprint(
                partitionLog.segments().getLast().baseOffset(),
                partitionLog.logStartOffset(),
                partitionLog.damagedRanges().size());
    }

    LogSettings.Compaction settings() {
        return partitionLog.settings().compaction();
    }

    /// The damage that keeps the log from being compacted from there on.
    Optional<DamagedRange> findObstacle() {
        return compaction.findObstacle();
    }

    /// What could be compacted now.
    ///
    /// @param noted where the compaction before stopped, if that is known
    /// @param checkpointed up to where the log needs no check after a crash
    CleanableRange look(OptionalLong noted, long checkpointed) throws IOException {
        return compaction.plan(now(false), noted, checkpointed).range();
    }

    /// Compacts what can be.
    ///
    /// @param throttle ends it when the topic is deleted
    /// @throws LogBrokenException if it is unknown what the disk holds; the partition is offline then
    Cleaned run(OptionalLong noted, long checkpointed, CleanerMemory memory, Throttle throttle) throws IOException {
        var moment = now(true);
        try {
            return compaction.run(compaction.plan(moment, noted, checkpointed), memory, throttle);
        } catch (LogBrokenException e) {
            appends.goOffline(partitionLog, e);
            throw e;
        } finally {
            compaction.end();
        }
    }

    private LogUpkeep.Moment now(boolean beginning) {
        appends.lock().lock();
        try {
            if (beginning) {
                compaction.begin();
            }
            return partitionLog.upkeep().now();
        } finally {
            appends.lock().unlock();
        }
    }
}
