package io.vitrine.partition;

import io.vitrine.log.FullDisk;
import io.vitrine.log.LogBrokenException;
import io.vitrine.log.PartitionLog;
import io.vitrine.metadata.TopicPartition;
import io.vitrine.record.BatchCheck;
import io.vitrine.record.BatchRules;
import io.vitrine.record.BatchVerdict;
import io.vitrine.record.RecordBatch;
import io.vitrine.record.Refusal;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The writing half of a [Partition]: checks what is appended, writes it in order, answers when it is as durable as
/// was asked, and stops when the disk can't be trusted any more. Appends are serialised by `lock`, under which
/// nothing but that one write happens.
final class PartitionAppends {
    private static final Logger log = LoggerFactory.getLogger(PartitionAppends.class);

    private final TopicPartition name;
    private final Clock clock;
    private final Runnable flushSoon;
    private final ReentrantLock lock = new ReentrantLock();
    private final DiskWaiters waiters = new DiskWaiters();
    private final PartitionWatchers watchers = new PartitionWatchers();
    private final PartitionTotals totals = new PartitionTotals();
    private final FlushPolicy flushPolicy = new FlushPolicy();
    private final TransactionTickets tickets;
    private final ProducerJudgement withoutTicket;
    private volatile @Nullable PartitionLog partitionLog;
    private volatile AppendObserver observer = AppendObserver.NONE;
    private volatile @Nullable Offline offline;
    private volatile int leaderEpoch;
    private volatile BatchRules rules;
    // Guarded by `lock`.
    private boolean failing;

    /// Why nothing can be appended.
    ///
    /// @param awaitsRoom is it for want of room on the disk, so that it may pass?
    /// @param deleted is it for ever, as the topic was deleted?
    record Offline(String reason, boolean awaitsRoom, boolean deleted) {
        static final Offline DELETED = new Offline("its topic was deleted", false, true);

        Offline(String reason, boolean awaitsRoom) {
            this(reason, awaitsRoom, false);
        }

        static Offline because(Throwable cause) {
            return new Offline(String.valueOf(cause.getMessage()), FullDisk.caused(cause));
        }

        /// What those get who want to append, while there is no log.
        static AppendOutcome whyNot(@Nullable Offline why) {
            return why == null ? new AppendOutcome.StorageFailed("there is no log") : why.outcome();
        }

        /// What those get who want to append.
        AppendOutcome outcome() {
            return deleted ? new AppendOutcome.Deleted() : new AppendOutcome.StorageFailed(reason);
        }
    }

    /// @param flushSoon has the group commit call [#flush]
    /// @param offline null where something can be appended
    PartitionAppends(
            Partition.Place place,
            Runnable flushSoon,
            BatchRules rules,
            TransactionTickets tickets,
            @Nullable PartitionLog partitionLog,
            @Nullable Offline offline) {
        this.name = place.name();
        this.clock = place.clock();
        this.flushSoon = flushSoon;
        this.rules = rules;
        this.tickets = tickets;
        this.withoutTicket = ProducerJudgement.ofRecords(tickets, null);
        this.partitionLog = partitionLog;
        this.offline = offline;
    }

    /// Held while something is appended or the log's segments change.
    ReentrantLock lock() {
        return lock;
    }

    PartitionWatchers watchers() {
        return watchers;
    }

    PartitionTotals totals() {
        return totals;
    }

    int leaderEpoch() {
        return leaderEpoch;
    }

    @Nullable
    Offline offline() {
        return offline;
    }

    void configure(BatchRules newRules, int newLeaderEpoch) {
        rules = newRules;
        boolean newLeader = leaderEpoch != newLeaderEpoch;
        leaderEpoch = newLeaderEpoch;
        if (newLeader) {
            watchers.changed();
        }
    }

    void observe(AppendObserver newObserver) {
        observer = newObserver;
    }

    /// See [Partition#append] and [PartitionTransactions#append].
    CompletableFuture<AppendOutcome> append(
            @Nullable ByteBuffer records,
            Durability durability,
            boolean zstdAllowed,
            @Nullable TransactionTicket ticket) {
        long start = System.nanoTime();
        var verdict = new BatchCheck(rules).check(records, zstdAllowed, clock.millis());
        var judgement = ticket == null ? withoutTicket : ProducerJudgement.ofRecords(tickets, ticket);
        return append(verdict, durability, judgement, start);
    }

    /// The same of a batch that has been looked at.
    CompletableFuture<AppendOutcome> append(
            BatchVerdict verdict, Durability durability, ProducerJudgement judgement, long startNanos) {
        return switch (verdict) {
            case BatchVerdict.Unsound(Refusal refusal) -> {
                observer.refused(name.topic(), refusal.reason());
                yield CompletableFuture.completedFuture(new AppendOutcome.Refused(refusal));
            }
            case BatchVerdict.Sound sound -> {
                long appendTimeMs = BatchIntake.stamp(sound, rules, clock);
                yield write(sound.batch(), appendTimeMs, durability, judgement, startNanos);
            }
        };
    }

    /// See [Partition#whenOnDisk].
    CompletableFuture<AppendOutcome> whenOnDisk(AppendOutcome outcome) {
        lock.lock();
        try {
            var target = partitionLog;
            var why = offline;
            if (target == null || why != null) {
                return CompletableFuture.completedFuture(Offline.whyNot(why));
            }
            return waitFor(Durability.DISK, target.logEndOffset(), outcome, System.nanoTime());
        } finally {
            lock.unlock();
        }
    }

    /// The appends that wait for the disk; empty if none does.
    Optional<DiskWait> findDiskWait() {
        return waiters.describe(name);
    }

    BatchRules rules() {
        return rules;
    }

    /// The log there is at this moment.
    @Nullable
    PartitionLog log() {
        return partitionLog;
    }

    /// Forces what has been appended to disk and answers those who waited for it. For the group commit.
    void flush() {
        var source = partitionLog;
        if (source == null) {
            return;
        }
        waiters.flushBegins();
        var why = offline;
        if (why != null) {
            // What a refused fsync was to cover may be lost; another one that succeeds would hide that.
            waiters.fail(why.outcome());
            return;
        }
        try {
            long start = System.nanoTime();
            int answered = waiters.answer(source.flush());
            observer.flushed(name.topic(), answered, System.nanoTime() - start);
            if (!isDeleted()) {
                source.tidy();
            }
        } catch (IOException | RuntimeException | Error e) {
            goOffline(source, e);
        }
    }

    /// Has the log flushed if its settings do not allow it to be unforced any longer.
    void flushIfOld() {
        var source = partitionLog;
        if (source != null && offline == null && flushPolicy.isOld(source, clock.millis())) {
            flushSoon.run();
        }
    }

    /// Appends nothing any more.
    ///
    /// @return whether something could have been appended until now
    boolean stop() {
        lock.lock();
        try {
            boolean wasOnline = offline == null;
            if (!isDeleted()) {
                offline = new Offline("the broker is stopping", false);
            }
            return wasOnline;
        } finally {
            lock.unlock();
        }
    }

    /// Writes a batch, unless something speaks against that.
    ///
    /// @param appendTimeMs what is answered as the time of its records
    /// @param startNanos when that began
    CompletableFuture<AppendOutcome> write(
            RecordBatch batch, long appendTimeMs, Durability durability, ProducerJudgement judgement, long startNanos) {
        CompletableFuture<AppendOutcome> answer;
        LogBrokenException broken = null;
        var target = partitionLog;
        lock.lock();
        try {
            target = partitionLog;
            if (target == null || offline != null) {
                return CompletableFuture.completedFuture(Offline.whyNot(offline));
            }
            var instead = judgement.of(target, batch);
            if (instead != null) {
                return answerInstead(instead, target, durability, startNanos);
            }
            var appended = append(target, batch, appendTimeMs);
            answer = waitFor(durability, batch.nextOffset(), appended, startNanos);
        } catch (LogBrokenException e) {
            // No append comes after this one; those who wait are told outside the lock.
            offline = Offline.because(e);
            broken = e;
            answer = CompletableFuture.completedFuture(Offline.because(e).outcome());
        } catch (IOException e) {
            // A full disk fails every append until it has room again: say so once.
            if (!failing) {
                log.warn("{}: batches can't be written: {}", name, e.toString());
            }
            failing = true;
            return CompletableFuture.completedFuture(Offline.because(e).outcome());
        } finally {
            lock.unlock();
        }
        if (broken != null) {
            goOffline(target, broken);
            return answer;
        }
        totals.add(batch);
        observer.appended(name.topic(), batch.recordCount(), batch.sizeInBytes(), System.nanoTime() - startNanos);
        watchers.appended(batch.sizeInBytes(), batch.attributes().isControl());
        return answer;
    }

    /// Only when this returns does the batch know where it ends. Caller holds `lock`.
    private AppendOutcome append(PartitionLog target, RecordBatch batch, long appendTimeMs) throws IOException {
        long baseOffset = target.append(batch, leaderEpoch);
        if (batch.attributes().isTransactional()) {
            tickets.appended(batch);
        }
        if (failing) {
            failing = false;
            log.info("{}: batches can be written again", name);
        }
        var appended = new AppendOutcome.Appended(baseOffset, appendTimeMs, target.logStartOffset());
        boolean rolled = target.takeRolled();
        if (rolled) {
            totals.addRoll();
        }
        boolean due = flushPolicy.isDue(batch.recordCount(), target.settings().flush())
                || target.upkeep().isToBeFlushedBeforeRoll();
        if ((rolled || due) && waiters.askForFlush()) {
            flushSoon.run();
        }
        return appended;
    }

    /// A duplicate is as durable as its first attempt when it is answered. Caller holds `lock`.
    private CompletableFuture<AppendOutcome> answerInstead(
            AppendOutcome instead, PartitionLog target, Durability durability, long startNanos) {
        if (instead instanceof AppendOutcome.Refused(Refusal refusal)) {
            observer.refused(name.topic(), refusal.reason());
        }
        if (instead instanceof AppendOutcome.Duplicate) {
            observer.repeated(name.topic());
            return waitFor(durability, target.logEndOffset(), instead, startNanos);
        }
        return CompletableFuture.completedFuture(instead);
    }

    /// Caller holds `lock`, so that appends wait in the order of their offsets.
    private CompletableFuture<AppendOutcome> waitFor(
            Durability durability, long nextOffset, AppendOutcome outcome, long startNanos) {
        if (durability == Durability.PAGE_CACHE) {
            return CompletableFuture.completedFuture(outcome);
        }
        var ticket = waiters.add(nextOffset, outcome, startNanos);
        if (ticket.needsFlush()) {
            flushSoon.run();
        }
        return ticket.answer();
    }

    /// Whoever waits gets the reason; nothing is appended any more.
    ///
    /// @param source the log that failed; if another has taken its place since, nothing is done
    void goOffline(PartitionLog source, Throwable cause) {
        var why = Offline.because(cause);
        lock.lock();
        try {
            if (partitionLog != source) {
                return;
            }
            offline = why;
        } finally {
            lock.unlock();
        }
        log.error("{} is offline: {}", name, why.reason(), cause);
        waiters.fail(why.outcome());
        watchers.changed();
    }

    /// Goes on with another log, which takes the place of one that failed.
    ///
    /// @return false if there is nothing to go on with, as the topic was deleted
    boolean goOnline(PartitionLog reopened) {
        lock.lock();
        try {
            if (isDeleted()) {
                return false;
            }
            partitionLog = reopened;
            offline = null;
            failing = false;
        } finally {
            lock.unlock();
        }
        watchers.changed();
        return true;
    }

    /// Was the topic deleted?
    boolean isDeleted() {
        var why = offline;
        return why != null && why.deleted();
    }

    /// Appends nothing any more, for ever. Whoever waits for the disk has nothing to wait for.
    void delete() {
        lock.lock();
        try {
            offline = Offline.DELETED;
            partitionLog = null;
        } finally {
            lock.unlock();
        }
        waiters.fail(Offline.DELETED.outcome());
    }
}
