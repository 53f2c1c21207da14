package io.vitrine.partition;

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
import java.nio.ByteBuffer;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/// One partition hosted here: appending, reading, its marks and segments, and whether its disk still works.
/// ```
///   online ──(fsync refused, half-written batch stays)──▶ offline: reads go on, appends get the reason
///     ▲                                                      │
///     └────(the disk was full and has room again)────────────┘
///   log could not be opened ────────────────────────────▶ offline: nothing can be read either
/// ```
public final class Partition {
    private final TopicPartition name;
    private final Uuid topicId;
    private final LogDirectory logDirectory;
    private final PartitionAppends appends;
    private final PartitionStorage storage;
    private final PartitionReads reads;
    private final PartitionTransactions transactions;

    /// What a partition works with, and where it lies.
    record Place(TopicPartition name, Uuid topicId, LogDirectory logDirectory, Clock clock, GroupCommit groupCommit) {}

    private Partition(
            Place place,
            BatchRules rules,
            @Nullable PartitionLog partitionLog,
            PartitionAppends.@Nullable Offline offline) {
        this.name = place.name();
        this.topicId = place.topicId();
        this.logDirectory = place.logDirectory();
        var tickets = new TransactionTickets();
        this.appends = new PartitionAppends(
                place, () -> place.groupCommit().schedule(this), rules, tickets, partitionLog, offline);
        this.transactions = new PartitionTransactions(appends, tickets, place.clock());
        this.storage = new PartitionStorage(name, appends, partitionLog);
        this.reads = new PartitionReads(this, storage::log);
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

    /// Which of the topics that have had its name it is of.
    public Uuid topicId() {
        return topicId;
    }

    /// Was its topic deleted? Whoever still has this object can do nothing with it any more.
    public boolean isDeleted() {
        return appends.isDeleted();
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

    /// Checks `records` and writes them as the next batch, before it returns. Base offset and leader epoch are set
    /// in the buffer itself, unless it is compressed anew; the buffer must not change before the answer is there.
    ///
    /// @param records exactly one batch, from index 0 to the limit; null is refused like any other unsound bytes
    /// @param zstdAllowed false where the version of the request is older than the codec
    /// @return completed in the order of the offsets, on the caller's thread or that of the group commit
    public CompletableFuture<AppendOutcome> append(
            @Nullable ByteBuffer records, Durability durability, boolean zstdAllowed) {
        return appends.append(records, durability, zstdAllowed, null);
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
        return appends.rules().maxBatchBytes();
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
        return Optional.ofNullable(storage.log()).map(PartitionLog::offsets);
    }

    /// Where in the log things lie; empty if it could not be opened.
    public Optional<LogPositions> findPositions() {
        return Optional.ofNullable(storage.log()).map(source -> source.positions(leaderEpoch()));
    }

    /// Transactions here.
    public PartitionTransactions transactions() {
        return transactions;
    }

    /// The segments, oldest first; none if the log could not be opened.
    public List<SegmentInfo> segments() {
        var source = storage.log();
        return source == null ? List.of() : source.segments();
    }

    /// The segment with this base offset; empty if there is none.
    public Optional<ReadableSegment> findSegment(long baseOffset) {
        return Optional.ofNullable(storage.log()).flatMap(opened -> opened.findSegment(baseOffset));
    }

    public long sizeInBytes() {
        var source = storage.log();
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

    /// The log, and what becomes of it.
    PartitionStorage storage() {
        return storage;
    }

    void configure(BatchRules newRules, LogSettings newSettings, int newLeaderEpoch) {
        appends.configure(newRules, newLeaderEpoch);
        var target = storage.log();
        if (target != null) {
            target.configure(newSettings);
        }
    }
}
