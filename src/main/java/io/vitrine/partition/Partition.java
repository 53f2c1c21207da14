package io.vitrine.partition;

import io.vitrine.log.DamagedRange;
import io.vitrine.log.DamagedRangeException;
import io.vitrine.log.LogBrokenException;
import io.vitrine.log.LogDirectory;
import io.vitrine.log.LogSettings;
import io.vitrine.log.Offsets;
import io.vitrine.log.PartitionLog;
import io.vitrine.log.ReadableSegment;
import io.vitrine.log.SegmentInfo;
import io.vitrine.log.TimestampSearch;
import io.vitrine.metadata.TopicPartition;
import io.vitrine.record.BatchCheck;
import io.vitrine.record.BatchRules;
import io.vitrine.record.BatchVerdict;
import io.vitrine.record.RecordBatch;
import io.vitrine.record.Refusal;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One partition hosted here: checks what is appended, writes it in order, tells those who wait, and knows whether
/// its disk still works. Appends are serialised by `appendLock`, under which nothing but that one write happens.
/// ```
///   online ──(fsync refused, half-written batch stays)──▶ offline: reads go on, appends get the reason
///   log could not be opened ────────────────────────────▶ offline: nothing can be read either
/// ```
public final class Partition {
    private static final Logger log = LoggerFactory.getLogger(Partition.class);
    private static final long CLIENT_TIMESTAMPS = -1;

    private final TopicPartition name;
    private final LogDirectory logDirectory;
    private final Clock clock;
    private final GroupCommit groupCommit;
    private final @Nullable PartitionLog partitionLog;
    private final @Nullable PartitionUpkeep upkeep;
    private final ReentrantLock appendLock = new ReentrantLock();
    private final DiskWaiters waiters = new DiskWaiters();
    private final AppendListeners appendListeners = new AppendListeners();
    private final AppendTotals totals = new AppendTotals();
    private final FlushPolicy flushPolicy = new FlushPolicy();
    private volatile AppendObserver observer = AppendObserver.NONE;
    private volatile @Nullable String offlineReason;
    private volatile int leaderEpoch;
    private volatile BatchRules rules;
    // Guarded by `appendLock`.
    private boolean failing;

    /// What a partition works with, and where it lies.
    record Place(TopicPartition name, LogDirectory logDirectory, Clock clock, GroupCommit groupCommit) {}

    private Partition(
            Place place, BatchRules rules, @Nullable PartitionLog partitionLog, @Nullable String offlineReason) {
        this.name = place.name();
        this.logDirectory = place.logDirectory();
        this.clock = place.clock();
        this.groupCommit = place.groupCommit();
        this.rules = rules;
        this.partitionLog = partitionLog;
        this.upkeep = partitionLog == null ? null : new PartitionUpkeep(partitionLog, appendLock);
        this.offlineReason = offlineReason;
    }

    static Partition online(Place place, BatchRules rules, PartitionLog partitionLog) {
        return new Partition(place, rules, partitionLog, null);
    }

    static Partition offline(Place place, BatchRules rules, String reason) {
        return new Partition(place, rules, null, reason);
    }

    public TopicPartition name() {
        return name;
    }

    /// The log directory it lies in.
    public LogDirectory logDirectory() {
        return logDirectory;
    }

    public int leaderEpoch() {
        return leaderEpoch;
    }

    /// Why nothing can be appended; empty while all is well.
    public Optional<String> offlineReason() {
        return Optional.ofNullable(offlineReason);
    }

    /// Checks `records` and writes them as the next batch. Its base offset and leader epoch are set in the buffer
    /// itself, which must not change before the answer is there. The write happens before this returns.
    ///
    /// @param records exactly one batch, from index 0 to the limit; null is refused like any other unsound bytes
    /// @param zstdAllowed false where the version of the request is older than the codec
    /// @return completed in the order of the offsets, on the caller's thread or that of the group commit
    public CompletableFuture<AppendOutcome> append(
            @Nullable ByteBuffer records, Durability durability, boolean zstdAllowed) {
        long start = System.nanoTime();
        return switch (new BatchCheck(rules).check(records, zstdAllowed, clock.millis())) {
            case BatchVerdict.Unsound(Refusal refusal) -> {
                observer.refused(name.topic(), refusal.reason());
                yield CompletableFuture.completedFuture(new AppendOutcome.Refused(refusal));
            }
            case BatchVerdict.Sound(RecordBatch batch, long maxTimestamp) ->
                write(batch, stamp(batch, maxTimestamp), durability, start);
        };
    }

    /// Reads whole batches, beginning with the one that holds `offset`.
    ///
    /// @param maxBytes how much to return; the first batch comes whole even if it is larger
    public ReadOutcome read(long offset, int maxBytes) {
        var source = partitionLog;
        if (source == null) {
            return new ReadOutcome.StorageFailed(String.valueOf(offlineReason));
        }
        var offsets = source.offsets();
        if (offset < offsets.logStartOffset() || offset > offsets.highWatermark()) {
            return new ReadOutcome.OutOfRange(offset, offsets);
        }
        try {
            return new ReadOutcome.Batches(source.read(offset, maxBytes), offsets);
        } catch (DamagedRangeException e) {
            return new ReadOutcome.Damaged(e.range());
        } catch (IOException e) {
            log.warn("{}: reading at offset {} failed", name, offset, e);
            return new ReadOutcome.StorageFailed(String.valueOf(e.getMessage()));
        }
    }

    /// The marks at this moment; empty if the log could not be opened.
    public Optional<Offsets> findOffsets() {
        return Optional.ofNullable(partitionLog).map(PartitionLog::offsets);
    }

    /// Finds records by time; empty if the log could not be opened.
    public Optional<TimestampSearch> findTimestamps() {
        return Optional.ofNullable(partitionLog).map(PartitionLog::timestamps);
    }

    /// Could the log be opened?
    boolean isReadable() {
        return partitionLog != null;
    }

    /// What is done to the log now and then; empty if the log could not be opened.
    Optional<PartitionUpkeep> findUpkeep() {
        return Optional.ofNullable(upkeep);
    }

    /// What can't be read, in order of the offsets.
    public List<DamagedRange> damagedRanges() {
        return partitionLog == null ? List.of() : partitionLog.damagedRanges();
    }

    /// The segments, oldest first; none if the log could not be opened.
    public List<SegmentInfo> segments() {
        return partitionLog == null ? List.of() : partitionLog.segments();
    }

    /// The segment with this base offset; empty if there is none.
    public Optional<ReadableSegment> findSegment(long baseOffset) {
        return Optional.ofNullable(partitionLog).flatMap(opened -> opened.findSegment(baseOffset));
    }

    public long sizeInBytes() {
        return partitionLog == null ? 0 : partitionLog.sizeInBytes();
    }

    /// Who waits for the next append.
    public AppendListeners appendListeners() {
        return appendListeners;
    }

    /// What has been appended since the start.
    public AppendTotals totals() {
        return totals;
    }

    long fileDeleteDelayMs() {
        return partitionLog == null ? 0 : partitionLog.settings().retention().fileDeleteDelayMs();
    }

    /// Has the log flushed if its settings do not allow it to be unforced any longer.
    void flushIfOld() {
        if (partitionLog != null && flushPolicy.isOld(partitionLog, clock.millis())) {
            groupCommit.schedule(this);
        }
    }

    void configure(BatchRules newRules, LogSettings newSettings, int newLeaderEpoch) {
        rules = newRules;
        leaderEpoch = newLeaderEpoch;
        if (partitionLog != null) {
            partitionLog.configure(newSettings);
        }
    }

    void observe(AppendObserver newObserver) {
        observer = newObserver;
    }

    /// Forces what has been appended to disk and answers those who waited for it. For the group commit.
    void flush() {
        if (partitionLog == null) {
            return;
        }
        waiters.flushBegins();
        if (offlineReason != null) {
            // What a refused fsync was to cover may be lost; another one that succeeds would hide that.
            waiters.fail(offlineReason);
            return;
        }
        try {
            long start = System.nanoTime();
            int answered = waiters.answer(partitionLog.flush());
            observer.flushed(name.topic(), answered, System.nanoTime() - start);
            partitionLog.tidy();
        } catch (IOException | RuntimeException | Error e) {
            goOffline(e);
        }
    }

    /// Forces the log and notes what makes opening it quick, for the checkpoint of its directory.
    void checkpoint() {
        if (upkeep == null || offlineReason != null) {
            return;
        }
        try {
            upkeep.checkpoint();
        } catch (LogBrokenException e) {
            goOffline(e);
        } catch (IOException e) {
            log.warn("{}: no checkpoint this time: {}", name, e.toString());
        }
    }

    /// Refuses further appends, forces everything to disk and closes the log. Returns whether it was left in order.
    boolean close() throws IOException {
        if (partitionLog == null || upkeep == null) {
            return false;
        }
        boolean wasOnline;
        appendLock.lock();
        try {
            wasOnline = offlineReason == null;
            offlineReason = "the broker is stopping";
        } finally {
            appendLock.unlock();
        }
        try {
            if (wasOnline) {
                upkeep.finish();
            }
        } finally {
            partitionLog.close();
        }
        return wasOnline;
    }

    private CompletableFuture<AppendOutcome> write(
            RecordBatch batch, long appendTimeMs, Durability durability, long startNanos) {
        CompletableFuture<AppendOutcome> answer;
        LogBrokenException broken = null;
        appendLock.lock();
        try {
            var target = partitionLog;
            if (target == null || offlineReason != null) {
                return failed(String.valueOf(offlineReason));
            }
            var instead = ProducerJudgement.of(target, batch);
            if (instead != null) {
                return answerInstead(instead, target, durability);
            }
            answer = append(target, batch, appendTimeMs, durability);
        } catch (LogBrokenException e) {
            // No append comes after this one; those who wait are told outside the lock.
            offlineReason = String.valueOf(e.getMessage());
            broken = e;
            answer = failed(String.valueOf(e.getMessage()));
        } catch (IOException e) {
            // A full disk fails every append until it has room again: say so once.
            if (!failing) {
                log.warn("{}: batches can't be written: {}", name, e.toString());
            }
            failing = true;
            return failed(String.valueOf(e.getMessage()));
        } finally {
            appendLock.unlock();
        }
        if (broken != null) {
            goOffline(broken);
            return answer;
        }
        totals.add(batch);
        observer.appended(name.topic(), batch.recordCount(), batch.sizeInBytes(), System.nanoTime() - startNanos);
        appendListeners.appended();
        return answer;
    }

    /// Caller holds `appendLock`.
    private CompletableFuture<AppendOutcome> append(
            PartitionLog target, RecordBatch batch, long appendTimeMs, Durability durability) throws IOException {
        long baseOffset = target.append(batch, leaderEpoch);
        if (failing) {
            failing = false;
            log.info("{}: batches can be written again", name);
        }
        var appended = new AppendOutcome.Appended(baseOffset, appendTimeMs, target.logStartOffset());
        if (target.takeRolled()
                || flushPolicy.isDue(batch.recordCount(), target.settings().flush())) {
            groupCommit.schedule(this);
        }
        return waitFor(durability, batch.nextOffset(), appended);
    }

    /// A duplicate is as durable as its first attempt when it is answered. Caller holds `appendLock`.
    private CompletableFuture<AppendOutcome> answerInstead(
            AppendOutcome instead, PartitionLog target, Durability durability) {
        if (instead instanceof AppendOutcome.Refused(Refusal refusal)) {
            observer.refused(name.topic(), refusal.reason());
        }
        return instead instanceof AppendOutcome.Duplicate
                ? waitFor(durability, target.logEndOffset(), instead)
                : CompletableFuture.completedFuture(instead);
    }

    /// Caller holds `appendLock`, so that appends wait in the order of their offsets.
    private CompletableFuture<AppendOutcome> waitFor(Durability durability, long nextOffset, AppendOutcome outcome) {
        if (durability == Durability.PAGE_CACHE) {
            return CompletableFuture.completedFuture(outcome);
        }
        var ticket = waiters.add(nextOffset, outcome);
        if (ticket.needsFlush()) {
            groupCommit.schedule(this);
        }
        return ticket.answer();
    }

    /// Whoever waits gets the reason; nothing is appended any more.
    private void goOffline(Throwable cause) {
        var reason = String.valueOf(cause.getMessage());
        offlineReason = reason;
        log.error("{} is offline: {}", name, reason, cause);
        waiters.fail(reason);
    }

    private long stamp(RecordBatch batch, long maxTimestamp) {
        if (rules.logAppendTime()) {
            long nowMs = clock.millis();
            batch.stampLogAppendTime(nowMs);
            return nowMs;
        }
        if (batch.maxTimestamp() != maxTimestamp) {
            // Kafka corrects a greatest timestamp that is not that of the records; finding by time relies on it.
            batch.stampMaxTimestamp(maxTimestamp);
        }
        return CLIENT_TIMESTAMPS;
    }

    private static CompletableFuture<AppendOutcome> failed(String reason) {
        return CompletableFuture.completedFuture(new AppendOutcome.StorageFailed(reason));
    }
}
