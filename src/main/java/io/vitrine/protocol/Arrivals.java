package io.vitrine.protocol;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Which clients have asked where the broker is, and whether they then came there. A client connects to the address
/// that it has been given, asks for metadata, and from then on to the address that these name; one that can't reach it
/// is seen asking and asking. Of a client that works only that is kept, while it is connected. Thread-safe; asked a few
/// times in the life of a connection.
public final class Arrivals {
    private static final int MOST_CLIENTS = 1000;
    private static final int MOST_ADDRESSES = 100;
    // Asked again so soon, it is because there is nothing else that the client could do.
    private static final Duration SOON = Duration.ofMinutes(1);

    private final Clock clock;
    /// The one that was seen longest ago comes first.
    private final LinkedHashMap<Key, Seen> clients = new LinkedHashMap<>(16, 0.75f, true);
    private final Map<Way, Long> ways = new TreeMap<>();

    private record Key(String host, String clientId, String listener) {}

    /// A way by which clients have come.
    ///
    /// @param address of ours that they reached, as `host:port`
    public record Way(String listener, String address) implements Comparable<Way> {
        @Override
        public int compareTo(Way other) {
            int order = listener.compareTo(other.listener);
            return order == 0 ? address.compareTo(other.address) : order;
        }
    }

    /// A client that has not come.
    ///
    /// @param host from which it asks
    /// @param cameBy where it reached us when it asked last
    /// @param asked how often
    /// @param open its connections
    /// @param left when it closed the last of them; null if there are some
    public record Stranded(
            String host,
            String clientId,
            Way cameBy,
            Instant firstAsked,
            Instant lastAsked,
            long asked,
            int open,
            @Nullable Instant left) {}

    private static final class Seen {
        private Way cameBy;
        private @Nullable Instant firstAsked;
        private @Nullable Instant lastAsked;
        private @Nullable Instant left;
        private long asked;
        private int open;
        private boolean came;

        Seen(Way cameBy) {
            this.cameBy = cameBy;
        }
    }

    public Arrivals(Clock clock) {
        this.clock = clock;
    }

    /// A connection has shown whose it is.
    public synchronized void connected(Caller caller, String clientId) {
        var way = wayOf(caller);
        if (ways.containsKey(way) || ways.size() < MOST_ADDRESSES) {
            ways.merge(way, 1L, Long::sum);
        }
        var seen = clients.computeIfAbsent(keyOf(caller, clientId), _ -> new Seen(way));
        seen.open++;
        seen.left = null;
        if (clients.size() > MOST_CLIENTS) {
            clients.pollFirstEntry();
        }
    }

    /// It has asked for metadata, which name an address.
    public synchronized void asked(Caller caller, String clientId) {
        var seen = clients.get(keyOf(caller, clientId));
        if (seen == null) {
            return;
        }
        seen.cameBy = wayOf(caller);
        seen.lastAsked = clock.instant();
        seen.firstAsked = seen.firstAsked == null ? seen.lastAsked : seen.firstAsked;
        seen.asked++;
    }

    /// It does what clients do who have found the broker.
    public synchronized void came(Caller caller, String clientId) {
        var seen = clients.get(keyOf(caller, clientId));
        if (seen != null) {
            seen.came = true;
        }
    }

    /// One of its connections has ended.
    public synchronized void left(Caller caller, String clientId) {
        var key = keyOf(caller, clientId);
        var seen = clients.get(key);
        if (seen == null) {
            return;
        }
        seen.open--;
        if (seen.open <= 0) {
            seen.left = clock.instant();
            if (seen.came || seen.asked == 0) {
                // The next one of this name may fare otherwise.
                clients.remove(key);
            }
        }
    }

    /// Forgets who has come and who has not.
    public synchronized void clear() {
        clients.values().removeIf(seen -> seen.open <= 0);
        ways.clear();
    }

    /// By which ways clients have come, and how many connections by each.
    public synchronized Map<Way, Long> ways() {
        return new TreeMap<>(ways);
    }

    /// Clients that were told where to go and have not been seen there for so long: those that ask again soon, or
    /// waited so long and gave up. The one seen last comes last.
    public synchronized List<Stranded> stranded(Duration patience) {
        var now = clock.instant();
        return clients.entrySet().stream()
                .filter(entry -> isStranded(entry.getValue(), patience, now))
                .map(entry -> describe(entry.getKey(), entry.getValue()))
                .toList();
    }

    private static boolean isStranded(Seen seen, Duration patience, Instant now) {
        if (seen.came || seen.firstAsked == null || seen.lastAsked == null) {
            return false;
        }
        // An idle client asks every few minutes.
        boolean asksAgain = seen.asked > 1
                && Duration.between(seen.firstAsked, seen.lastAsked).compareTo(SOON.multipliedBy(seen.asked)) < 0;
        var end = seen.left == null ? now : seen.left;
        boolean waitedLong = Duration.between(seen.firstAsked, end).compareTo(patience) >= 0;
        return waitedLong && (asksAgain || seen.left != null);
    }

    private static Stranded describe(Key key, Seen seen) {
        if (seen.firstAsked == null || seen.lastAsked == null) {
            throw new IllegalStateException("%s has not asked".formatted(key));
        }
        return new Stranded(
                key.host(),
                key.clientId(),
                seen.cameBy,
                seen.firstAsked,
                seen.lastAsked,
                seen.asked,
                seen.open,
                seen.left);
    }

    private static Way wayOf(Caller caller) {
        return new Way(caller.listener(), caller.localHost() + ":" + caller.localPort());
    }

    private static Key keyOf(Caller caller, String clientId) {
        var address = caller.address();
        return new Key(
                address.substring(0, Math.max(0, address.lastIndexOf(':'))),
                RefusalEntry.cut(clientId),
                caller.listener());
    }
}
