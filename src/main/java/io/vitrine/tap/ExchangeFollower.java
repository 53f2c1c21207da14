package io.vitrine.tap;

import java.io.Closeable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// Follows the exchanges for one reader. Nothing is queued for it: it looks at the rings when it has time, so that one
/// who is slow costs nobody anything, and misses what had to make room meanwhile, of which it is told the number.
///
/// Polled by one thread; [#end] may be called by any.
public final class ExchangeFollower implements Closeable {
    private static final int LOOKS_BETWEEN_EVENTS = 256;
    // Being woken for each exchange would cost the broker more than all else; nobody's eye is faster.
    private static final long PACE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final Event CAUGHT_UP = new Event.CaughtUp();
    private static final Event PASSED = new Event.Passed();

    private final WireTaps owner;
    private final ExchangeFilter filter;
    private final boolean bodies;
    private final Bell bell = new Bell();
    private final RingPositions positions;
    private volatile @Nullable String endReason;

    /// What happens next.
    public sealed interface Event {
        /// One that passes the filter.
        record Found(Exchange exchange) implements Event {}

        /// So many have made room before they were looked at; some of them might have passed the filter.
        record Missed(long exchanges) implements Event {}

        /// Nothing to show, but there may be more.
        record Passed() implements Event {}

        /// There is no more at this moment.
        record CaughtUp() implements Event {}

        /// There will be no more.
        record Ended(String reason) implements Event {}
    }

    ExchangeFollower(WireTaps owner, ExchangeFilter filter, boolean bodies, RingPositions positions) {
        this.owner = owner;
        this.filter = filter;
        this.bodies = bodies;
        this.positions = positions;
        owner.exchanges().listen(bell, bodies);
    }

    /// Goes on by one step; never waits.
    public Event poll() {
        var reason = endReason;
        if (reason != null) {
            return new Event.Ended(reason);
        }
        bell.reset();
        for (int i = 0; i < LOOKS_BETWEEN_EVENTS; i++) {
            var exchange = positions.next();
            long missed = positions.takeMissed();
            if (missed > 0) {
                owner.missed(missed);
                positions.back(exchange);
                return new Event.Missed(missed);
            }
            if (exchange == null) {
                return CAUGHT_UP;
            }
            if (filter.matches(exchange)) {
                return new Event.Found(exchange);
            }
        }
        return PASSED;
    }

    /// Waits until there may be more than at the last [Event.CaughtUp], or `nanos` have passed.
    public void await(long nanos) {
        bell.await(nanos);
        if (endReason == null) {
            LockSupport.parkNanos(this, Math.min(PACE_NANOS, Math.max(0, nanos)));
        }
    }

    /// How far it has come: whoever goes on from here misses nothing and sees nothing twice.
    public String position() {
        return positions.text();
    }

    /// Ends it, for this reason.
    void end(String reason) {
        endReason = reason;
        bell.ring();
    }

    @Override
    public void close() {
        owner.exchanges().forget(bell, bodies);
        owner.closed(this);
    }
}
