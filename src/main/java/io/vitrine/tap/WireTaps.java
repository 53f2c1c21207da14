package io.vitrine.tap;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/// Those who follow the exchanges at this moment: not too many at a time, and all of them told when the broker stops.
/// Thread-safe.
public final class WireTaps implements AutoCloseable {
    /// How many there may be at a time.
    public static final int MAX_OPEN = 16;

    private static final long PATIENCE_MS = 500;

    private final RecentExchanges exchanges;
    private final Semaphore places = new Semaphore(MAX_OPEN);
    private final Set<ExchangeFollower> followers = ConcurrentHashMap.newKeySet();
    private final LongAdder opened = new LongAdder();
    private final LongAdder missed = new LongAdder();
    private volatile boolean closing;

    /// Where somebody begins to follow.
    public enum Start {
        LATEST,
        EARLIEST
    }

    public WireTaps(RecentExchanges exchanges) {
        this.exchanges = exchanges;
    }

    /// Takes a place, which has to be given back with [#leave].
    ///
    /// @return false if none is free
    public boolean tryEnter() {
        return !closing && places.tryAcquire();
    }

    /// Gives a place back.
    public void leave() {
        places.release();
    }

    /// Begins to follow.
    ///
    /// @param bodies are messages kept for this reader?
    public ExchangeFollower open(ExchangeFilter filter, boolean bodies, Start start) {
        return open(
                filter,
                bodies,
                start == Start.LATEST ? RingPositions.latest(exchanges) : RingPositions.earliest(exchanges));
    }

    /// Goes on where another one has ended.
    ///
    /// @param position as that one gave it
    public ExchangeFollower resume(ExchangeFilter filter, boolean bodies, String position) {
        return open(filter, bodies, RingPositions.of(exchanges, position));
    }

    /// Could it be a position?
    public static boolean isPosition(String text) {
        return RingPositions.isText(text);
    }

    private ExchangeFollower open(ExchangeFilter filter, boolean bodies, RingPositions positions) {
        var follower = new ExchangeFollower(this, filter, bodies, positions);
        followers.add(follower);
        opened.increment();
        if (closing) {
            end(follower);
        }
        return follower;
    }

    /// Followers at this moment.
    public int openCount() {
        return followers.size();
    }

    /// Followers there have been.
    public long openedCount() {
        return opened.sum();
    }

    /// Exchanges that slow followers were not shown.
    public long missedCount() {
        return missed.sum();
    }

    /// Tells all that there will be no more, and waits a moment for them to pass it on.
    @Override
    public void close() {
        closing = true;
        followers.forEach(WireTaps::end);
        try {
            if (places.tryAcquire(MAX_OPEN, PATIENCE_MS, TimeUnit.MILLISECONDS)) {
                places.release(MAX_OPEN);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void end(ExchangeFollower follower) {
        follower.end("the broker is stopping");
    }

    RecentExchanges exchanges() {
        return exchanges;
    }

    void missed(long count) {
        missed.add(count);
    }

    void closed(ExchangeFollower follower) {
        followers.remove(follower);
    }
}
