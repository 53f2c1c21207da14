package io.vitrine.handler;

import io.vitrine.protocol.Caller;
import io.vitrine.protocol.FetchSessionEntry;
import io.vitrine.protocol.FetchSessionOverview;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// The fetch sessions that are kept from one fetch to the next, no more than there are slots for, and no more
/// partitions in all of them than memory allows. Who gets none names all partitions each time, as the protocol
/// allows for.
///
/// When all slots are taken, a new session takes that of the one that was not used for longest, if that is more than
/// two minutes ago; else that of the smallest one older than two minutes, if that is smaller than itself. That is
/// Kafka's rule, for which large sessions are worth more.
///
/// Thread-safe. Sessions are closed outside its lock, as theirs comes first.
public final class FetchSessions implements FetchSessionOverview {
    /// `MIN_INCREMENTAL_FETCH_SESSION_EVICTION_MS`, which is no setting in Kafka either.
    public static final Duration KAFKA_PROTECTION = Duration.ofMinutes(2);

    private static final int NOT_KEPT = 0;

    private final int slots;
    private final int maxPartitions;
    private final Duration protection;
    private final InstantSource clock;
    private final RandomGenerator random;
    private final Map<Integer, Kept> sessions = new HashMap<>();
    // The one that was not used for longest comes first.
    private final LinkedHashSet<Integer> byUse = new LinkedHashSet<>();
    private final TreeSet<Size> evictable = new TreeSet<>();
    private int partitions;
    private long evicted;

    private static final class Kept {
        private final FetchSession session;
        private final Instant created;
        private Instant lastUsed;
        private int size;
        private Caller caller;
        private String clientId;

        Kept(FetchSession session, Instant now, Owner owner) {
            this.session = session;
            this.created = now;
            this.lastUsed = now;
            this.caller = owner.caller();
            this.clientId = owner.clientId();
        }
    }

    /// Who uses a session.
    record Owner(Caller caller, String clientId) {}

    private record Size(int partitions, int id) implements Comparable<Size> {
        @Override
        public int compareTo(Size other) {
            return partitions != other.partitions
                    ? Integer.compare(partitions, other.partitions)
                    : Integer.compare(id, other.id);
        }
    }

    /// @param slots `max.incremental.fetch.session.cache.slots`
    /// @param maxPartitions how many partitions all sessions together may have
    /// @param protection how long a session is safe from others after it was made, and after it was used
    public FetchSessions(
            int slots, int maxPartitions, Duration protection, InstantSource clock, RandomGenerator random) {
        this.slots = slots;
        this.maxPartitions = maxPartitions;
        this.protection = protection;
        this.clock = clock;
        this.random = random;
    }

    synchronized Optional<FetchSession> find(int id) {
        return Optional.ofNullable(sessions.get(id)).map(kept -> kept.session);
    }

    /// Keeps a session from now on, if there is room or others have to make some.
    ///
    /// @return the id by which it can be found; 0 if it is not kept
    int keep(FetchSession session, int size, Owner owner) {
        var victims = new ArrayList<FetchSession>();
        int id = NOT_KEPT;
        synchronized (this) {
            makeRoom(size, victims);
            if (partitions + (long) size <= maxPartitions) {
                if (sessions.size() >= slots) {
                    evict(size).ifPresent(victims::add);
                }
                if (sessions.size() < slots) {
                    id = add(session, size, owner);
                }
            }
        }
        victims.forEach(FetchSession::close);
        return id;
    }

    /// Notes that a session is used, and how large it is now.
    ///
    /// @return false if it has become larger than memory allows; it is not kept then, and has to be closed
    boolean touch(int id, int size, Owner owner) {
        var victims = new ArrayList<FetchSession>();
        boolean isKept;
        synchronized (this) {
            isKept = touch(id, size, owner, victims);
        }
        victims.forEach(FetchSession::close);
        return isKept;
    }

    private boolean touch(int id, int size, Owner owner, List<FetchSession> victims) {
        var kept = sessions.get(id);
        if (kept == null) {
            return false;
        }
        evictable.remove(new Size(kept.size, id));
        byUse.remove(id);
        makeRoom(size - kept.size, victims);
        partitions += size - kept.size;
        if (partitions > maxPartitions) {
            sessions.remove(id);
            partitions -= size;
            evicted++;
            return false;
        }
        kept.size = size;
        kept.lastUsed = clock.instant();
        kept.caller = owner.caller();
        kept.clientId = owner.clientId();
        byUse.add(id);
        if (isUnprotected(kept.created)) {
            evictable.add(new Size(size, id));
        }
        return true;
    }

    /// Ends a session, if there is one with this id.
    void drop(int id) {
        FetchSession dropped;
        synchronized (this) {
            dropped = remove(id);
        }
        if (dropped != null) {
            dropped.close();
        }
    }

    private int add(FetchSession session, int size, Owner owner) {
        int id;
        do {
            id = random.nextInt(1, Integer.MAX_VALUE);
        } while (sessions.containsKey(id));
        session.keepAs(id);
        var kept = new Kept(session, clock.instant(), owner);
        kept.size = size;
        sessions.put(id, kept);
        byUse.add(id);
        partitions += size;
        return id;
    }

    /// Takes sessions out that nobody has used for long, until there is room for so many more partitions.
    private void makeRoom(int count, List<FetchSession> victims) {
        while (partitions + (long) count > maxPartitions) {
            var stale = evictStale();
            if (stale.isEmpty()) {
                return;
            }
            victims.add(stale.get());
        }
    }

    private Optional<FetchSession> evict(int size) {
        var stale = evictStale();
        if (stale.isEmpty() && !evictable.isEmpty() && evictable.first().partitions() < size) {
            evicted++;
            return Optional.ofNullable(remove(evictable.first().id()));
        }
        return stale;
    }

    /// Takes out the session that was not used for longest, if that is long enough.
    private Optional<FetchSession> evictStale() {
        if (byUse.isEmpty()) {
            return Optional.empty();
        }
        int oldest = byUse.getFirst();
        if (!isUnprotected(Objects.requireNonNull(sessions.get(oldest)).lastUsed)) {
            return Optional.empty();
        }
        evicted++;
        return Optional.ofNullable(remove(oldest));
    }

    private @Nullable FetchSession remove(int id) {
        var kept = sessions.remove(id);
        if (kept == null) {
            return null;
        }
        byUse.remove(id);
        evictable.remove(new Size(kept.size, id));
        partitions -= kept.size;
        return kept.session;
    }

    private boolean isUnprotected(Instant since) {
        return Duration.between(since, clock.instant()).compareTo(protection) > 0;
    }

    @Override
    public synchronized int sessionCount() {
        return sessions.size();
    }

    @Override
    public int slots() {
        return slots;
    }

    @Override
    public synchronized int partitionCount() {
        return partitions;
    }

    @Override
    public int maxPartitions() {
        return maxPartitions;
    }

    @Override
    public synchronized long evictedCount() {
        return evicted;
    }

    @Override
    public List<FetchSessionEntry> list(int from, int limit, int maxPartitionsNamed) {
        var page = new ArrayList<Map.Entry<Integer, Kept>>();
        synchronized (this) {
            new TreeMap<>(sessions)
                    .tailMap(from, true).entrySet().stream().limit(limit).forEach(page::add);
        }
        return page.stream()
                .map(entry -> describe(entry.getKey(), entry.getValue(), maxPartitionsNamed))
                .toList();
    }

    private FetchSessionEntry describe(int id, Kept kept, int maxPartitionsNamed) {
        Owner owner;
        Instant lastUsed;
        synchronized (this) {
            owner = new Owner(kept.caller, kept.clientId);
            lastUsed = kept.lastUsed;
        }
        var session = kept.session;
        synchronized (session) {
            return new FetchSessionEntry(
                    id,
                    session.epoch(),
                    session.usesTopicIds(),
                    owner.clientId(),
                    owner.caller().address(),
                    kept.created,
                    lastUsed,
                    session.labels(maxPartitionsNamed),
                    session.size(),
                    session.activeCount(),
                    session.waiting() != null);
        }
    }
}
