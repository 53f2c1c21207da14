package io.vitrine.share;

import io.vitrine.group.ShareKey;
import io.vitrine.group.ShareRules;
import io.vitrine.group.ShareStates;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.apache.kafka.common.errors.InvalidRecordStateException;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One partition as a share group sees it: which of its records are with whom, and what has become of them; see
/// [DeliveryState]. Thread-safe: all of it is under one lock, under which nothing waits and nobody else is called.
final class SharePartition {
    private static final Logger log = LoggerFactory.getLogger(SharePartition.class);
    private static final int MAX_UNREADABLE_TOLD = 20;

    private final ShareKey key;
    private final Services services;
    private final Supplier<ShareRules> rules;
    private final ReentrantLock lock = new ReentrantLock();
    private final InFlightRecords records;
    private final StateWrites writes;
    // Guarded by `lock`; the oldest first.
    private final Deque<UnreadableRecords> unreadable = new ArrayDeque<>();
    private final Set<Runnable> listeners = ConcurrentHashMap.newKeySet();
    private @Nullable ScheduledFuture<?> nextTimeout;
    private long nextTimeoutMs = Long.MAX_VALUE;

    /// What all share partitions work with.
    ///
    /// @param onFailure hears of those whose state can't be written any more
    record Services(ScheduledExecutorService timer, Clock clock, ShareTotals totals, FailureListener onFailure) {}

    /// Hears of a write that was refused.
    interface FailureListener {
        void failed(ShareKey key, Throwable failure);
    }

    /// @param rules what holds at the moment of asking
    /// @param startOffset where it begins
    /// @param stored what is kept of it, which may not have a start yet
    SharePartition(
            ShareKey key,
            Services services,
            Supplier<ShareRules> rules,
            StateWrites writes,
            long startOffset,
            ShareStates.Stored stored) {
        this.key = key;
        this.services = services;
        this.rules = rules;
        this.writes = writes;
        this.records = InFlightRecords.restore(startOffset, stored.batches());
    }

    /// Has the start written, if it is not kept yet: a group that begins at the end must not begin at a later one
    /// after a crash.
    void begin() {
        lock.lock();
        try {
            writes.addStart(records.startOffset());
        } finally {
            lock.unlock();
        }
        write();
    }

    ShareRules rules() {
        return rules.get();
    }

    /// Where to read for the next member; empty if it can't be given anything at this moment.
    OptionalLong findFetchOffset() {
        lock.lock();
        try {
            var free = records.findFree();
            return free.isPresent() || records.count() >= rules().maxRecordLocks()
                    ? free
                    : OptionalLong.of(records.nextOffset());
        } finally {
            lock.unlock();
        }
    }

    /// Gives a member those records of some batches that nobody has.
    List<AcquiredRecords> acquire(Acquisition.Wish wish, List<BatchSpan> batches) {
        lock.lock();
        try {
            long untilMs = services.clock().millis() + rules().lockDurationMs();
            var acquired = new Acquisition(records, wish, untilMs, rules().maxRecordLocks()).run(batches);
            acquired.forEach(services.totals()::countAcquired);
            if (!acquired.isEmpty()) {
                scheduleTimeout(untilMs);
            }
            return acquired;
        } finally {
            lock.unlock();
        }
    }

    /// Takes what a member says of records that it holds: all of it, or nothing.
    ///
    /// @return completed when it holds, even after a crash; fails with Kafka's exception if it does not
    CompletableFuture<@Nullable Void> acknowledge(String member, List<Acknowledgement> said) {
        CompletableFuture<@Nullable Void> written;
        lock.lock();
        try {
            var steps = new ArrayList<Step>();
            for (var acknowledgement : said) {
                check(member, acknowledgement, steps);
            }
            written = apply(steps);
        } catch (InvalidRecordStateException | InvalidRequestException e) {
            return CompletableFuture.failedFuture(e);
        } finally {
            lock.unlock();
        }
        write();
        return written;
    }

    /// A member is gone: what it holds is given to others. That it was delivered counts.
    CompletableFuture<@Nullable Void> release(String member) {
        CompletableFuture<@Nullable Void> written;
        lock.lock();
        try {
            var held = records.ranges().stream()
                    .filter(range -> range.isHeld() && range.member().equals(member))
                    .toList();
            if (held.isEmpty()) {
                return CompletableFuture.completedFuture(null);
            }
            written = writes.nextWritten();
            for (var range : held) {
                records.set(range.becoming(afterDelivery(range), writes.number()));
                writes.add(range.firstOffset(), range.lastOffset());
            }
        } finally {
            lock.unlock();
        }
        write();
        return written;
    }

    /// The log begins later now.
    void startAt(long offset) {
        lock.lock();
        try {
            records.startAt(offset);
        } finally {
            lock.unlock();
        }
    }

    /// Leaves out records that nobody is ever given, so that the group gets on with those behind them.
    ///
    /// @param reason why they can't be read, to be told; null if they can, but are not for this group, as their
    ///     transaction was aborted
    void leaveOut(long firstOffset, long lastOffset, @Nullable String reason) {
        lock.lock();
        try {
            records.archive(firstOffset, lastOffset);
            writes.add(firstOffset, lastOffset);
            records.advance();
            if (reason != null) {
                unreadable.add(new UnreadableRecords(firstOffset, lastOffset, reason, Instant.now(Clock.systemUTC())));
                if (unreadable.size() > MAX_UNREADABLE_TOLD) {
                    unreadable.removeFirst();
                }
            }
        } finally {
            lock.unlock();
        }
        if (reason != null) {
            services.totals().countUnreadable(lastOffset - firstOffset + 1);
            log.warn("{}: offsets {} to {} are left out: {}", key, firstOffset, lastOffset, reason);
        }
        write();
    }

    /// Has `listener` run, on any thread, whenever there may be more to give.
    void add(Runnable listener) {
        listeners.add(listener);
    }

    void remove(Runnable listener) {
        listeners.remove(listener);
    }

    /// What it looks like at this moment.
    SharePartitionView view() {
        lock.lock();
        try {
            return new SharePartitionView(
                    key, records.startOffset(), records.nextOffset(), records.ranges(), List.copyOf(unreadable));
        } finally {
            lock.unlock();
        }
    }

    /// Ends the timer. What was said goes on being written.
    void close() {
        lock.lock();
        try {
            if (nextTimeout != null) {
                nextTimeout.cancel(false);
            }
        } finally {
            lock.unlock();
        }
        tellListeners();
    }

    /// One part of what a member says, of records that it holds.
    private record Step(InFlightRange range, AcknowledgeType type) {}

    private void check(String member, Acknowledgement said, List<Step> steps) {
        if (said.lastOffset() < records.startOffset()) {
            return;
        }
        if (records.ranges().isEmpty()) {
            throw new InvalidRecordStateException(
                    "Offsets %d to %d: no record is in flight.".formatted(said.firstOffset(), said.lastOffset()));
        }
        if (said.firstOffset() >= records.nextOffset() || said.lastOffset() >= records.nextOffset()) {
            throw new InvalidRequestException("Batch record not found: offsets %d to %d are not all before %d."
                    .formatted(said.firstOffset(), said.lastOffset(), records.nextOffset()));
        }
        long from = Math.max(said.firstOffset(), records.startOffset());
        for (var range : records.between(from, said.lastOffset())) {
            if (!range.isHeld() || !range.member().equals(member)) {
                throw new InvalidRecordStateException("Offsets %d to %d are not held by member %s but %s."
                        .formatted(range.firstOffset(), range.lastOffset(), member, describe(range)));
            }
            for (long first = range.firstOffset(); first <= range.lastOffset(); ) {
                long last = said.endOfRun(first, range.lastOffset());
                steps.add(new Step(range.between(first, last), checkType(said.typeOf(first))));
                first = last + 1;
            }
        }
    }

    private AcknowledgeType checkType(AcknowledgeType type) {
        if (type == AcknowledgeType.RENEW && !rules().renewAllowed()) {
            throw new InvalidRecordStateException(
                    "Group %s does not allow to renew (share.renew.acknowledge.enable).".formatted(key.groupId()));
        }
        return type;
    }

    private static String describe(InFlightRange range) {
        return range.state() == DeliveryState.ACQUIRED
                ? "by %s%s".formatted(range.member(), range.becoming() == null ? "" : ", and being " + range.becoming())
                : range.state().toString();
    }

    private CompletableFuture<@Nullable Void> apply(List<Step> steps) {
        var written = writes.nextWritten();
        boolean anything = false;
        for (var step : steps) {
            var range = step.range();
            if (step.type() == AcknowledgeType.RENEW) {
                records.set(range.lockedUntil(services.clock().millis() + rules().lockDurationMs()));
                services.totals().countAcknowledged(step.type(), range.count());
            } else {
                records.set(range.becoming(next(step.type(), range), writes.number()));
                writes.add(range.firstOffset(), range.lastOffset());
                anything = true;
            }
        }
        if (!anything) {
            return CompletableFuture.completedFuture(null);
        }
        return written.thenApply(_ -> {
            steps.stream()
                    .filter(step -> step.type() != AcknowledgeType.RENEW)
                    .forEach(step -> services.totals()
                            .countAcknowledged(step.type(), step.range().count()));
            return null;
        });
    }

    private DeliveryState next(AcknowledgeType type, InFlightRange range) {
        return switch (type) {
            case ACCEPT -> DeliveryState.ACKNOWLEDGED;
            case GAP, REJECT -> DeliveryState.ARCHIVED;
            case RELEASE -> afterDelivery(range);
            case RENEW -> DeliveryState.ACQUIRED;
        };
    }

    private DeliveryState afterDelivery(InFlightRange range) {
        return range.deliveryCount() >= rules().deliveryCountLimit() ? DeliveryState.ARCHIVED : DeliveryState.AVAILABLE;
    }

    /// Writes what there is to write, unless a write is under way, whose end has it written.
    private void write() {
        StateWrites.Write write;
        lock.lock();
        try {
            write = writes.begin(records);
        } finally {
            lock.unlock();
        }
        if (write != null) {
            writes.send(write).whenComplete((_, thrown) -> {
                @Nullable Throwable failure = thrown;
                ended(write, failure);
            });
        }
    }

    private void ended(StateWrites.Write write, @Nullable Throwable failure) {
        lock.lock();
        try {
            writes.ended(write, failure == null);
            for (var range : records.ranges()) {
                if (range.write() == write.number()) {
                    records.set(failure == null ? range.settled() : range.reverted());
                }
            }
            records.advance();
            if (failure != null) {
                // A lock may have ended meanwhile.
                scheduleTimeout(services.clock().millis());
            }
        } finally {
            lock.unlock();
        }
        if (failure == null) {
            write.written().complete(null);
        } else {
            log.warn("{}: what has become of records could not be written: {}", key, failure.toString());
            write.written().completeExceptionally(failure);
            services.onFailure().failed(key, failure);
        }
        tellListeners();
        write();
    }

    private void scheduleTimeout(long atMs) {
        if (atMs >= nextTimeoutMs) {
            return;
        }
        if (nextTimeout != null) {
            nextTimeout.cancel(false);
        }
        nextTimeoutMs = atMs;
        long delayMs = Math.max(0, atMs - services.clock().millis());
        nextTimeout = services.timer().schedule(this::endLocks, delayMs, TimeUnit.MILLISECONDS);
    }

    /// Takes from members what they have held for too long.
    private void endLocks() {
        lock.lock();
        try {
            nextTimeoutMs = Long.MAX_VALUE;
            long nowMs = services.clock().millis();
            for (var range : records.ranges()) {
                if (range.isHeld() && range.lockUntilMs() <= nowMs) {
                    log.debug(
                            "{}: {} has held {}..{} for too long",
                            key,
                            range.member(),
                            range.firstOffset(),
                            range.lastOffset());
                    services.totals().countTimeouts(range.count());
                    records.set(InFlightRange.of(
                            range.firstOffset(), range.lastOffset(), afterDelivery(range), range.deliveryCount()));
                    writes.add(range.firstOffset(), range.lastOffset());
                }
            }
            records.advance();
            records.ranges().stream()
                    .filter(InFlightRange::isHeld)
                    .mapToLong(InFlightRange::lockUntilMs)
                    .min()
                    .ifPresent(this::scheduleTimeout);
        } finally {
            lock.unlock();
        }
        write();
        tellListeners();
    }

    private void tellListeners() {
        listeners.forEach(Runnable::run);
    }

    @Override
    public String toString() {
        return Objects.toString(key);
    }
}
