package io.vitrine.partition;

import io.vitrine.log.FullDisk;
import io.vitrine.log.LogBrokenException;
import io.vitrine.log.LogDirectory;
import io.vitrine.log.LogPositions;
import io.vitrine.log.LogSettings;
import io.vitrine.log.Offsets;
import io.vitrine.log.PartitionLog;
import io.vitrine.log.ReadableSegment;
import io.vitrine.log.SegmentInfo;
import io.vitrine.metadata.TopicPartition;
import io.vitrine.record.BatchRules;
import io.vitrine.record.BatchSlice;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One partition hosted here: appending, reading, its marks and segments, and whether its disk still works.
/// ```
///   online ──(fsync refused, half-written batch stays)──▶ offline: reads go on, appends get the reason
///     ▲                                                      │
///     └────(the disk was full and has room again)────────────┘
///   log could not be opened ────────────────────────────▶ offline: nothing can be read either
/// ```
public final class Partition {
    private static final Logger log = LoggerFactory.getLogger(Partition.class);

    private final TopicPartition name;
    private final LogDirectory logDirectory;
    private volatile @Nullable PartitionLog partitionLog;
    private volatile @Nullable PartitionUpkeep upkeep;
    private final PartitionAppends appends;
    private final PartitionReads reads;

    /// What a partition works with, and where it lies.
    record Place(TopicPartition name, LogDirectory logDirectory, Clock clock, GroupCommit groupCommit) {}

    private Partition(
            Place place,
            BatchRules rules,
            @Nullable PartitionLog partitionLog,
            PartitionAppends.@Nullable Offline offline) {
        this.name = place.name();
        this.logDirectory = place.logDirectory();
        this.partitionLog = partitionLog;
        this.appends =
                new PartitionAppends(place, () -> place.groupCommit().schedule(this), rules, partitionLog, offline);
        this.reads = new PartitionReads(name, () -> this.partitionLog, this::offlineReason);
        this.upkeep = partitionLog == null ? null : new PartitionUpkeep(partitionLog, appends);
    }

    static Partition online(Place place, BatchRules rules, PartitionLog partitionLog) {
        var broken = partitionLog.upkeep().findBroken();
        return new Partition(
                place,
                rules,
                partitionLog,
                broken.map(PartitionAppends.Offline::because).orElse(null));
    }

    static Partition offline(Place place, BatchRules rules, String reason) {
        return new Partition(place, rules, null, new PartitionAppends.Offline(reason, false));
    }

    public TopicPartition name() {
        return name;
    }

    /// The log directory it lies in.
    public LogDirectory logDirectory() {
        return logDirectory;
    }

    public int leaderEpoch() {
        return appends.leaderEpoch();
    }

    /// Why nothing can be appended; empty while all is well.
    public Optional<String> offlineReason() {
        return Optional.ofNullable(appends.offline()).map(PartitionAppends.Offline::reason);
    }

    /// Checks `records` and writes them as the next batch. Its base offset and leader epoch are set in the buffer
    /// itself, which must not change before the answer is there. The write happens before this returns.
    ///
    /// @param records exactly one batch, from index 0 to the limit; null is refused like any other unsound bytes
    /// @param zstdAllowed false where the version of the request is older than the codec
    /// @return completed in the order of the offsets, on the caller's thread or that of the group commit
    public CompletableFuture<AppendOutcome> append(
            @Nullable ByteBuffer records, Durability durability, boolean zstdAllowed) {
        return appends.append(records, durability, zstdAllowed);
    }

    /// Tells when all that has been appended is on disk: for those who append to the page cache, go on, and wait
    /// later for many appends together.
    ///
    /// @param outcome what the answer is then
    /// @return completed with `outcome`, or with why the disk did not take it; in the order of the offsets
    public CompletableFuture<AppendOutcome> whenOnDisk(AppendOutcome outcome) {
        return appends.whenOnDisk(outcome);
    }

    /// The largest batch that can be appended.
    public int maxBatchBytes() {
        return appends.maxBatchBytes();
    }

    /// Reads whole batches, beginning with the one that holds `offset`.
    ///
    /// @param maxBytes how much to return; the first batch comes whole even if it is larger
    public ReadOutcome<BatchSlice> read(long offset, int maxBytes) {
        return reads.read(offset, maxBytes);
    }

    /// Reads what is to be sent to clients.
    public PartitionReads reads() {
        return reads;
    }

    /// The marks at this moment; empty if the log could not be opened.
    public Optional<Offsets> findOffsets() {
        return Optional.ofNullable(partitionLog).map(PartitionLog::offsets);
    }

    /// Where in the log things lie; empty if it could not be opened.
    public Optional<LogPositions> findPositions() {
        return Optional.ofNullable(partitionLog).map(source -> source.positions(leaderEpoch()));
    }

    /// What is done to the log now and then; empty if the log could not be opened.
    Optional<PartitionUpkeep> findUpkeep() {
        return Optional.ofNullable(upkeep);
    }

    /// The segments, oldest first; none if the log could not be opened.
    public List<SegmentInfo> segments() {
        var source = partitionLog;
        return source == null ? List.of() : source.segments();
    }

    /// The segment with this base offset; empty if there is none.
    public Optional<ReadableSegment> findSegment(long baseOffset) {
        return Optional.ofNullable(partitionLog).flatMap(opened -> opened.findSegment(baseOffset));
    }

    public long sizeInBytes() {
        var source = partitionLog;
        return source == null ? 0 : source.sizeInBytes();
    }

    /// Who waits for something to happen here.
    public PartitionWatchers watchers() {
        return appends.watchers();
    }

    /// What went in and out since the start.
    public PartitionTotals totals() {
        return appends.totals();
    }

    /// The writing half.
    PartitionAppends appends() {
        return appends;
    }

    void configure(BatchRules newRules, LogSettings newSettings, int newLeaderEpoch) {
        appends.configure(newRules, newLeaderEpoch);
        var target = partitionLog;
        if (target != null) {
            target.configure(newSettings);
        }
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
            var reopened = current.reopen(leaderEpoch());
            if (reopened.isEmpty()) {
                return;
            }
            var next = reopened.get();
            // Configured again, should somebody have changed the settings meanwhile.
            next.configure(current.partitionLog().settings());
            partitionLog = next;
            upkeep = new PartitionUpkeep(next, appends);
            appends.goOnline(next);
            log.info("{} is online again, its log ends at offset {}", name, next.logEndOffset());
        } catch (IOException | RuntimeException e) {
            if (FullDisk.caused(e)) {
                log.debug("{}: there is no room yet", name, e);
            } else {
                appends.goOffline(current.partitionLog(), e);
            }
        }
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
