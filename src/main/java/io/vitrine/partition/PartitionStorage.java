package io.vitrine.partition;

import io.vitrine.log.FullDisk;
import io.vitrine.log.LogBrokenException;
import io.vitrine.log.PartitionLog;
import io.vitrine.metadata.TopicPartition;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The log of a [Partition] and what becomes of it: another takes its place when a full disk has room again, and there
/// is none when it could not be opened, or the topic was deleted.
final class PartitionStorage {
    private static final Logger log = LoggerFactory.getLogger(PartitionStorage.class);

    private final TopicPartition name;
    private final PartitionAppends appends;
    private volatile @Nullable PartitionLog partitionLog;
    private volatile @Nullable PartitionUpkeep upkeep;

    /// @param partitionLog null if it could not be opened
    PartitionStorage(TopicPartition name, PartitionAppends appends, @Nullable PartitionLog partitionLog) {
        this.name = name;
        this.appends = appends;
        this.partitionLog = partitionLog;
        this.upkeep = partitionLog == null ? null : new PartitionUpkeep(partitionLog, appends);
    }

    /// The log there is at this moment.
    @Nullable
    PartitionLog log() {
        return partitionLog;
    }

    /// What is done to it now and then; empty if it could not be opened.
    Optional<PartitionUpkeep> findUpkeep() {
        return Optional.ofNullable(upkeep);
    }

    /// Forces the log and notes what makes opening it quick, for the checkpoint of its directory.
    void checkpoint() {
        var source = partitionLog;
        var current = upkeep;
        if (source == null || current == null || appends.offline() != null) {
            return;
        }
        try {
            current.checkpoint();
        } catch (LogBrokenException e) {
            appends.goOffline(source, e);
        } catch (IOException e) {
            log.warn("{}: no checkpoint this time: {}", name, e.toString());
        }
    }

    /// Goes online again if it is offline for want of room on the disk, and there is room again. For the upkeep, so
    /// that nothing else is done to the log meanwhile.
    void bringBack() {
        var current = upkeep;
        var why = appends.offline();
        if (current == null || why == null || !why.awaitsRoom()) {
            return;
        }
        try {
            var reopened = current.reopen(appends.leaderEpoch());
            if (reopened.isEmpty()) {
                return;
            }
            var next = reopened.get();
            // Configured again, should somebody have changed the settings meanwhile.
            next.configure(current.partitionLog().settings());
            if (!takeUp(next)) {
                next.close();
                return;
            }
            log.info("{} is online again, its log ends at offset {}", name, next.logEndOffset());
        } catch (IOException | RuntimeException e) {
            if (FullDisk.caused(e)) {
                log.debug("{}: there is no room yet", name, e);
            } else {
                appends.goOffline(current.partitionLog(), e);
            }
        }
    }

    private boolean takeUp(PartitionLog next) {
        if (!appends.goOnline(next)) {
            return false;
        }
        partitionLog = next;
        upkeep = new PartitionUpkeep(next, appends);
        if (appends.isDeleted()) {
            // Just now: whoever deleted it has found the former log only.
            partitionLog = null;
            upkeep = null;
            return false;
        }
        return true;
    }

    /// Ends all service, for ever: nothing more is appended or read, and whoever waits is told. What somebody has
    /// begun to read or send ends as it would have.
    ///
    /// @return the log, whose directory has its name still; empty if it could not be opened
    Optional<PartitionLog> delete() {
        appends.delete();
        var source = partitionLog;
        partitionLog = null;
        upkeep = null;
        appends.watchers().changed();
        return Optional.ofNullable(source);
    }

    /// Refuses further appends, forces everything to disk and closes the log. Returns whether it was left in order.
    boolean close() throws IOException {
        var source = partitionLog;
        var current = upkeep;
        if (source == null || current == null) {
            return false;
        }
        boolean wasOnline = appends.stop();
        try {
            if (wasOnline) {
                current.finish();
            }
        } finally {
            source.close();
        }
        return wasOnline;
    }
}
