package io.vitrine.tap;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// The last exchanges of all event loops, and those who follow them. For an exchange that nobody follows it costs two
/// looks at fields that hardly ever change.
public final class RecentExchanges {
    /// A message with more bytes, its records aside, is not kept.
    static final int MAX_BODY_BYTES = 64 * 1024;

    private static final int CAPACITY = 2048;
    private static final int LEAST_CAPACITY_OF_RING = 256;

    private final String run = UUID.randomUUID().toString().substring(0, 8);
    private final int capacityOfRing;
    private final long bytesOfRing;
    private final List<ExchangeRing> rings = new CopyOnWriteArrayList<>();
    private final AtomicInteger bodyReaders = new AtomicInteger();
    private volatile Bell[] bells = {};

    /// @param loops how many event loops there are
    /// @param maxBytes for all of them together, about
    public RecentExchanges(int loops, long maxBytes) {
        capacityOfRing = Math.max(LEAST_CAPACITY_OF_RING, CAPACITY / loops);
        bytesOfRing = maxBytes / loops;
    }

    /// A ring for one event loop, and for it alone.
    public synchronized ExchangeRing newRing() {
        var ring = new ExchangeRing(this, rings.size(), capacityOfRing, bytesOfRing);
        rings.add(ring);
        return ring;
    }

    /// Those that are kept and pass the filter, newest first.
    ///
    /// @param before only those that ended before this one; null for all
    public List<Exchange> latest(ExchangeFilter filter, @Nullable ExchangeMark before, int limit) {
        var found = new ArrayList<Exchange>();
        for (var ring : rings) {
            long next = ring.next();
            for (long sequence = ring.oldest(); sequence < next; sequence++) {
                var exchange = ring.find(sequence);
                if (exchange != null && filter.matches(exchange) && (before == null || before.isBehind(exchange))) {
                    found.add(exchange);
                }
            }
        }
        found.sort(Comparator.comparing(ExchangeMark::of).reversed());
        return found.size() <= limit ? found : List.copyOf(found.subList(0, limit));
    }

    /// Exchanges since the broker started.
    public long total() {
        return rings.stream().mapToLong(ExchangeRing::next).sum();
    }

    /// Something to tell this run of the broker from others.
    public String run() {
        return run;
    }

    boolean wantsBodies() {
        return bodyReaders.getOpaque() > 0;
    }

    void added() {
        for (var bell : bells) {
            bell.ring();
        }
    }

    List<ExchangeRing> rings() {
        return rings;
    }

    synchronized void listen(Bell bell, boolean bodies) {
        var more = new ArrayList<>(List.of(bells));
        more.add(bell);
        bells = more.toArray(Bell[]::new);
        if (bodies) {
            bodyReaders.incrementAndGet();
        }
    }

    synchronized void forget(Bell bell, boolean bodies) {
        var fewer = new ArrayList<>(List.of(bells));
        if (fewer.remove(bell)) {
            bells = fewer.toArray(Bell[]::new);
            if (bodies) {
                bodyReaders.decrementAndGet();
            }
        }
    }
}
