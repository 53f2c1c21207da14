package io.vitrine.share;

import io.vitrine.group.ShareKey;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/// One fetch of a member. If nothing can be given to it, it waits: for appends, for records that others give back,
/// or for its time to be up. It looks first and then takes; what somebody else has taken in between is left out.
final class ShareFetch implements Runnable {
    private final ShareWish wish;
    private final Map<ShareKey, ShareSource> sources;
    private final List<FetchedShare> failures;
    private final ScheduledExecutorService timer;
    private final CompletableFuture<List<FetchedShare>> answer = new CompletableFuture<>();
    private final AtomicBoolean woken = new AtomicBoolean();

    /// @param sources in the order in which they are looked at
    /// @param failures of the partitions that could not be had
    ShareFetch(
            ShareWish wish,
            Map<ShareKey, ShareSource> sources,
            List<FetchedShare> failures,
            ScheduledExecutorService timer) {
        this.wish = wish;
        this.sources = sources;
        this.failures = failures;
        this.timer = timer;
    }

    /// Answers now, or begins to wait.
    ///
    /// @return whoever cancels it ends the waiting
    CompletableFuture<List<FetchedShare>> start() {
        attempt(wish.maxWaitMs() <= 0 || !failures.isEmpty());
        if (!answer.isDone()) {
            beginToWait();
        }
        return answer;
    }

    private void beginToWait() {
        var deadline = timer.schedule(() -> attempt(true), wish.maxWaitMs(), TimeUnit.MILLISECONDS);
        var appends = new AppendWakeUp(
                sources.values().stream().map(ShareSource::partition).toList(), this, timer);
        appends.begin();
        sources.values().forEach(source -> source.share().add(this));
        answer.whenComplete((_, _) -> {
            deadline.cancel(false);
            appends.end();
            sources.values().forEach(source -> source.share().remove(this));
        });
        // Something may have come between the first look and now.
        run();
    }

    /// Answers that there is nothing.
    void giveUp() {
        answer.complete(failures);
    }

    /// There may be something to give.
    @Override
    public void run() {
        if (woken.compareAndSet(false, true)) {
            try {
                timer.execute(() -> {
                    woken.set(false);
                    attempt(false);
                });
            } catch (RejectedExecutionException _) {
                answer.cancel(false);
            }
        }
    }

    /// Called by one thread at a time: first by that of the request, then by the timer's.
    private void attempt(boolean last) {
        if (answer.isDone()) {
            return;
        }
        try {
            var found = new ArrayList<>(failures);
            var looks = look(found);
            long bytes = looks.values().stream()
                    .mapToLong(ShareSource.Look::sizeInBytes)
                    .sum();
            if (!looks.isEmpty() && (last || bytes >= wish.minBytes())) {
                take(looks, found);
            }
            if (last || !found.isEmpty()) {
                answer.complete(found);
            }
        } catch (RuntimeException | Error e) {
            answer.completeExceptionally(e);
        }
    }

    private Map<ShareKey, ShareSource.Look> look(List<FetchedShare> failed) {
        var looks = new LinkedHashMap<ShareKey, ShareSource.Look>();
        int left = wish.maxBytes();
        int partitionsLeft = sources.size();
        for (var entry : sources.entrySet()) {
            try {
                // The first may exceed the limits by its first batch, so that the member always gets on.
                if (looks.isEmpty() || left > 0) {
                    var look = entry.getValue().look(Math.max(0, left) / partitionsLeft);
                    if (!look.spans().isEmpty() && (looks.isEmpty() || look.sizeInBytes() <= left)) {
                        looks.put(entry.getKey(), look);
                        left -= look.sizeInBytes();
                    }
                }
            } catch (org.apache.kafka.common.errors.ApiException e) {
                failed.add(FetchedShare.failed(entry.getKey(), e));
            }
            partitionsLeft--;
        }
        return looks;
    }

    private void take(Map<ShareKey, ShareSource.Look> looks, List<FetchedShare> taken) {
        long left = wish.maxRecords();
        for (var entry : looks.entrySet()) {
            var source = sources.get(entry.getKey());
            if (source == null || left <= 0) {
                continue;
            }
            var look = entry.getValue();
            var acquired = source.share()
                    .acquire(
                            new Acquisition.Wish(wish.member(), (int) left, wish.batchSize(), wish.strict()),
                            look.spans());
            if (!acquired.isEmpty()) {
                taken.add(new FetchedShare(entry.getKey(), bytes(look, acquired.getLast()), acquired, null));
                left -= acquired.stream().mapToLong(AcquiredRecords::count).sum();
            }
        }
    }

    /// Batches up to the one that holds the last record given.
    private static ByteBuffer bytes(ShareSource.Look look, AcquiredRecords last) {
        var slice = look.slice();
        int end = look.spans().stream()
                .filter(span -> span.lastOffset() >= last.lastOffset())
                .mapToInt(BatchSpan::sizeInBytes)
                .findFirst()
                .orElseGet(look::sizeInBytes);
        return slice == null ? ByteBuffer.allocate(0) : slice.bytes().slice(0, end);
    }
}
