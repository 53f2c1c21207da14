package io.vitrine.share;

import io.vitrine.group.ShareKey;
import io.vitrine.partition.ColdReads;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.apache.kafka.common.errors.ApiException;
import org.jspecify.annotations.Nullable;

/// One fetch of a member. If nothing can be given to it, it waits: for appends, for records that others give back,
/// or for its time to be up. It looks first and then takes; what somebody else has taken in between is left out.
///
/// It runs on the event loop of its connection; what a disk has to be waited for is read by [ColdReads] first.
public final class ShareFetch implements Runnable {
    private final ShareWish wish;
    private final Place place;
    private final CompletableFuture<List<FetchedShare>> answer = new CompletableFuture<>();
    private final AtomicBoolean woken = new AtomicBoolean();
    private volatile long bytesFound;
    private volatile @Nullable CompletableFuture<?> loading;
    // From here on the event loop's.
    private final LoadedParts loaded = new LoadedParts();
    private Map<ShareKey, ShareSource> sources = Map.of();
    private List<FetchedShare> failures = List.of();
    private boolean timeIsUp;

    /// Where it is served.
    ///
    /// @param onWait hears of it when it has to wait
    record Place(ScheduledExecutorService eventLoop, ColdReads coldReads, Consumer<ShareFetch> onWait) {}

    private record Pass(Map<ShareKey, ShareSource.Look.Batches> looks, List<ColdReads.Part> cold) {}

    ShareFetch(ShareWish wish, Place place) {
        this.wish = wish;
        this.place = place;
    }

    /// What the member gets; whoever cancels it ends the waiting.
    public CompletableFuture<List<FetchedShare>> answer() {
        return answer;
    }

    public ShareWish wish() {
        return wish;
    }

    /// Bytes of records that there were for it when it looked last.
    public long bytesFound() {
        return bytesFound;
    }

    /// Begins, when it is known where to look. For any thread.
    ///
    /// @param found in the order in which they are looked at
    /// @param missing of the partitions that could not be had
    void begin(Map<ShareKey, ShareSource> found, List<FetchedShare> missing) {
        onEventLoop(() -> {
            sources = found;
            failures = missing;
            timeIsUp = wish.maxWaitMs() <= 0 || !failures.isEmpty();
            attempt();
            if (!answer.isDone()) {
                beginToWait();
            }
        });
    }

    private void beginToWait() {
        var eventLoop = place.eventLoop();
        var deadline = eventLoop.schedule(this::expire, wish.maxWaitMs(), TimeUnit.MILLISECONDS);
        var appends = new AppendWakeUp(
                sources.values().stream().map(ShareSource::partition).toList(), this, eventLoop);
        appends.begin();
        sources.values().forEach(source -> source.share().add(this));
        answer.whenComplete((_, _) -> {
            deadline.cancel(false);
            appends.end();
            sources.values().forEach(source -> source.share().remove(this));
            var underWay = loading;
            if (underWay != null) {
                underWay.cancel(false);
            }
        });
        place.onWait().accept(this);
        // Something may have come between the first look and now.
        run();
    }

    /// Answers that there is nothing. For any thread.
    void giveUp() {
        answer.complete(failures);
    }

    private void expire() {
        timeIsUp = true;
        attempt();
    }

    /// There may be something to give. For any thread.
    @Override
    public void run() {
        if (woken.compareAndSet(false, true)) {
            onEventLoop(() -> {
                woken.set(false);
                attempt();
            });
        }
    }

    private void onEventLoop(Runnable step) {
        try {
            place.eventLoop().execute(() -> {
                try {
                    step.run();
                } catch (RuntimeException | Error e) {
                    answer.completeExceptionally(e);
                }
            });
        } catch (RejectedExecutionException _) {
            // The listener has ended, and with it the connection.
            answer.cancel(false);
        }
    }

    private void attempt() {
        if (answer.isDone() || loading != null) {
            return;
        }
        try {
            var found = new ArrayList<>(failures);
            var pass = look(found);
            // Once loaded, whatever there is, is an answer.
            if (!pass.cold().isEmpty() && (loaded.isEmpty() || (pass.looks().isEmpty() && found.isEmpty()))) {
                load(pass.cold());
                return;
            }
            loaded.clear();
            if (!pass.looks().isEmpty() && (timeIsUp || !pass.cold().isEmpty() || isEnough(pass))) {
                take(pass.looks(), found);
            }
            if (timeIsUp || !found.isEmpty()) {
                answer.complete(found);
            }
        } catch (RuntimeException | Error e) {
            answer.completeExceptionally(e);
        }
    }

    private boolean isEnough(Pass pass) {
        long bytes = 0;
        long offsets = 0;
        for (var look : pass.looks().values()) {
            bytes += look.sizeInBytes();
            offsets += look.offsetCount();
        }
        bytesFound = bytes;
        return bytes >= wish.minBytes() || offsets >= wish.maxRecords();
    }

    private void load(List<ColdReads.Part> parts) {
        var begun = place.coldReads().load(parts);
        loading = begun;
        begun.whenCompleteAsync(this::goOn, place.eventLoop());
    }

    private void goOn(@Nullable List<ColdReads.Loaded> found, @Nullable Throwable thrown) {
        loading = null;
        if (found != null) {
            loaded.add(found);
            attempt();
        } else if (thrown != null && !(thrown instanceof CancellationException)) {
            answer.completeExceptionally(thrown);
        }
    }

    private Pass look(List<FetchedShare> failed) {
        var pass = new Pass(new LinkedHashMap<>(), new ArrayList<>());
        int left = wish.maxBytes();
        int partitionsLeft = sources.size();
        for (var entry : sources.entrySet()) {
            try {
                // The first may exceed the limits by its first batch, so that the member always gets on.
                boolean first = pass.looks().isEmpty() && pass.cold().isEmpty();
                if (first || left > 0) {
                    int maxBytes = Math.max(0, left) / partitionsLeft;
                    left -= look(entry, maxBytes, first ? Integer.MAX_VALUE : left, pass);
                }
            } catch (ApiException e) {
                failed.add(FetchedShare.failed(entry.getKey(), e));
            }
            partitionsLeft--;
        }
        return pass;
    }

    /// @return how many bytes it found, or will have loaded
    private int look(Map.Entry<ShareKey, ShareSource> entry, int maxBytes, int fitting, Pass pass) {
        return switch (entry.getValue().look(maxBytes, wish.maxRecords(), loaded)) {
            case ShareSource.Look.Nothing _ -> 0;
            case ShareSource.Look.Cold(ColdReads.Part part) -> {
                pass.cold().add(part);
                yield maxBytes;
            }
            case ShareSource.Look.Batches batches -> {
                if (batches.sizeInBytes() > fitting) {
                    yield 0;
                }
                pass.looks().put(entry.getKey(), batches);
                yield batches.sizeInBytes();
            }
        };
    }

    private void take(Map<ShareKey, ShareSource.Look.Batches> looks, List<FetchedShare> taken) {
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
                var batches = look.slice().first(endOf(look, acquired.getLast()));
                source.partition().totals().addFetched(batches.sizeInBytes());
                taken.add(new FetchedShare(entry.getKey(), batches, acquired, null));
                left -= acquired.stream().mapToLong(AcquiredRecords::count).sum();
            }
        }
    }

    /// Where the batch ends that holds the last record given.
    private static int endOf(ShareSource.Look.Batches look, AcquiredRecords last) {
        return look.spans().stream()
                .filter(span -> span.lastOffset() >= last.lastOffset())
                .mapToInt(BatchSpan::sizeInBytes)
                .findFirst()
                .orElseGet(look::sizeInBytes);
    }
}
