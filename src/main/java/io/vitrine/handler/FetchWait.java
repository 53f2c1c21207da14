package io.vitrine.handler;

import io.vitrine.partition.Partition;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import java.util.function.Supplier;

/// A fetch that waits: each append to one of its partitions has it read again, on the timer's thread, until there is
/// enough or time is up. Appends that come while it reads are seen by one more read.
final class FetchWait implements Runnable {
    private final List<Partition> partitions;
    private final Supplier<FetchRead> read;
    private final Predicate<FetchRead> isEnough;
    private final CompletableFuture<FetchRead> answer = new CompletableFuture<>();
    private final AtomicBoolean woken = new AtomicBoolean();
    private final ScheduledExecutorService timer;

    FetchWait(
            ScheduledExecutorService timer,
            List<Partition> partitions,
            Supplier<FetchRead> read,
            Predicate<FetchRead> isEnough) {
        this.timer = timer;
        this.partitions = partitions;
        this.read = read;
        this.isEnough = isEnough;
    }

    /// Begins to wait.
    ///
    /// @return completed on the timer's thread; whoever cancels it ends the waiting
    CompletableFuture<FetchRead> start(long maxWaitMs) {
        var deadline = timer.schedule(() -> readAgain(_ -> true), maxWaitMs, TimeUnit.MILLISECONDS);
        partitions.forEach(partition -> partition.appendListeners().add(this));
        // An append may have come between the first look and now.
        run();
        answer.whenComplete((_, _) -> {
            deadline.cancel(false);
            partitions.forEach(partition -> partition.appendListeners().remove(this));
        });
        return answer;
    }

    /// An append happened.
    @Override
    public void run() {
        if (woken.compareAndSet(false, true)) {
            timer.execute(() -> readAgain(isEnough));
        }
    }

    private void readAgain(Predicate<FetchRead> isGoodEnough) {
        woken.set(false);
        if (answer.isDone()) {
            return;
        }
        try {
            var found = read.get();
            if (isGoodEnough.test(found)) {
                answer.complete(found);
            }
        } catch (RuntimeException | Error e) {
            answer.completeExceptionally(e);
        }
    }
}
