package io.vitrine.partition;

import io.vitrine.metadata.TopicPartition;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// The appends of one partition that wait for an fsync, in order of their offsets. Thread-safe; futures are completed
/// outside its lock.
final class DiskWaiters {
    private final Deque<Waiter> waiters = new ArrayDeque<>();
    private final Queue<Waiter> answerable = new ArrayDeque<>();
    private boolean answering;
    private boolean flushAsked;

    private record Waiter(
            long nextOffset, CompletableFuture<AppendOutcome> answer, AppendOutcome outcome, long sinceNanos) {}

    /// What an append gets that has to wait.
    ///
    /// @param needsFlush has nobody asked for a flush that would cover it?
    record Ticket(CompletableFuture<AppendOutcome> answer, boolean needsFlush) {}

    /// Adds an append that ends at `nextOffset`; offsets never go back from one call to the next.
    ///
    /// @param sinceNanos when it began, by `System.nanoTime`
    synchronized Ticket add(long nextOffset, AppendOutcome outcome, long sinceNanos) {
        var answer = new CompletableFuture<AppendOutcome>();
        waiters.add(new Waiter(nextOffset, answer, outcome, sinceNanos));
        boolean needsFlush = !flushAsked;
        flushAsked = true;
        return new Ticket(answer, needsFlush);
    }

    /// Those that wait at this moment, all together; empty if there are none.
    synchronized Optional<DiskWait> describe(TopicPartition partition) {
        var longest = waiters.peek();
        return longest == null
                ? Optional.empty()
                : Optional.of(new DiskWait(
                        partition,
                        waiters.size(),
                        waiters.getLast().nextOffset(),
                        Duration.ofNanos(System.nanoTime() - longest.sinceNanos())));
    }

    /// Asks for a flush that nobody waits for.
    ///
    /// @return has nobody asked for one that would cover it?
    synchronized boolean askForFlush() {
        boolean first = !flushAsked;
        flushAsked = true;
        return first;
    }

    /// A flush begins: whatever is added from now on needs another.
    synchronized void flushBegins() {
        flushAsked = false;
    }

    /// Answers all that end at or before `durableOffset`. Where another thread is at it already, that one goes on
    /// with these, so that answers are given in order.
    ///
    /// @return how many were answered on this thread
    int answer(long durableOffset) {
        synchronized (this) {
            for (var waiter = waiters.peek();
                    waiter != null && waiter.nextOffset() <= durableOffset;
                    waiter = waiters.peek()) {
                answerable.add(waiter);
                waiters.remove();
            }
        }
        return completeAnswerable();
    }

    /// Answers everyone with `instead`.
    void fail(AppendOutcome instead) {
        synchronized (this) {
            for (var waiter : waiters) {
                answerable.add(new Waiter(waiter.nextOffset(), waiter.answer(), instead, waiter.sinceNanos()));
            }
            waiters.clear();
        }
        completeAnswerable();
    }

    private int completeAnswerable() {
        synchronized (this) {
            if (answering) {
                return 0;
            }
            answering = true;
        }
        int count = 0;
        for (var waiter = nextAnswerable(); waiter != null; waiter = nextAnswerable()) {
            waiter.answer().complete(waiter.outcome());
            count++;
        }
        return count;
    }

    private synchronized @Nullable Waiter nextAnswerable() {
        var waiter = answerable.poll();
        answering = waiter != null;
        return waiter;
    }
}
