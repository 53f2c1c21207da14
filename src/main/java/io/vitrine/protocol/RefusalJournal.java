package io.vitrine.protocol;

import io.vitrine.protocol.RefusalEntry.Kind;
import io.vitrine.protocol.RefusalEntry.Sameness;
import java.time.Instant;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Keeps the last refusals, so that "why did my request fail" has an answer. What a client is refused again and again
/// is one entry that counts: who retries without end must not push out what others look for. Each kind of entries has
/// room of its own, for the same reason. Thread-safe; refusals are rare enough for one lock.
public final class RefusalJournal {
    /// Entries kept of one request: it may name a million things that are refused, and others want to find theirs.
    public static final int MOST_OF_A_REQUEST = 100;

    private static final int MOST_BYTES_OF_ENTRY = 2048;

    private final Map<Kind, Room> rooms = new EnumMap<>(Kind.class);
    private long newest;
    private long total;
    private @Nullable RefusalEntry last;
    private int ofThisRequest;

    /// A refusal, and how often it came.
    ///
    /// @param id of the last of them; later ones have greater ids
    /// @param latest the last of them
    /// @param firstTime of the first of them
    /// @param times how many; 1 if it was never repeated
    public record Kept(long id, RefusalEntry latest, Instant firstTime, long times) {}

    /// @param capacity entries kept of each kind; those that were not repeated for longest are forgotten, and so they
    /// are where they take more than 2 KiB each
    public RefusalJournal(int capacity) {
        for (var kind : Kind.values()) {
            rooms.put(kind, new Room(capacity, (long) capacity * MOST_BYTES_OF_ENTRY));
        }
    }

    public synchronized void add(RefusalEntry entry) {
        var kind = entry.kind();
        if (kind != Kind.LEFT) {
            total++;
        }
        ofThisRequest = last != null && last.isOfSameRequestAs(entry) ? ofThisRequest + 1 : 1;
        last = entry.shortened();
        room(kind).add(++newest, last, ofThisRequest <= MOST_OF_A_REQUEST);
    }

    /// The newest entries, newest first, without connections that ended as all do.
    public List<Kept> kept(int limit) {
        return find(limit, kept -> kept.latest().kind() != Kind.LEFT);
    }

    /// The newest entries for which `wanted` holds, newest first.
    public synchronized List<Kept> find(int limit, Predicate<Kept> wanted) {
        return rooms.values().stream()
                .flatMap(room -> room.entries.values().stream())
                .filter(wanted)
                .sorted(Comparator.comparingLong(Kept::id).reversed())
                .limit(limit)
                .toList();
    }

    /// The same as [#kept] without how often they came.
    public List<RefusalEntry> latest(int limit) {
        return kept(limit).stream().map(Kept::latest).toList();
    }

    /// Forgets all of them.
    public synchronized void clear() {
        rooms.values().forEach(Room::clear);
    }

    /// Refusals since the start, repeated and forgotten ones too.
    public synchronized long total() {
        return total;
    }

    private Room room(Kind kind) {
        var room = rooms.get(kind);
        if (room == null) {
            throw new IllegalStateException("No room for " + kind);
        }
        return room;
    }

    /// The entries of one kind.
    private static final class Room {
        private final int capacity;
        private final long maxBytes;
        /// The one that was repeated longest ago comes first.
        private final LinkedHashMap<Sameness, Kept> entries = new LinkedHashMap<>();
        private long bytes;

        Room(int capacity, long maxBytes) {
            this.capacity = capacity;
            this.maxBytes = maxBytes;
        }

        /// @param mayBeNew is it kept if there is none like it?
        void add(long id, RefusalEntry entry, boolean mayBeNew) {
            var sameness = entry.sameness();
            var before = entries.remove(sameness);
            if (before != null) {
                bytes -= before.latest().weight();
            } else if (!mayBeNew) {
                return;
            }
            // It goes to the end, where the newest are.
            entries.put(
                    sameness,
                    before == null
                            ? new Kept(id, entry, entry.time(), 1)
                            : new Kept(id, entry, before.firstTime(), before.times() + 1));
            bytes += entry.weight();
            while (entries.size() > capacity || (bytes > maxBytes && entries.size() > 1)) {
                forgetEldest();
            }
        }

        private void forgetEldest() {
            var eldest = entries.pollFirstEntry();
            if (eldest != null) {
                bytes -= eldest.getValue().latest().weight();
            }
        }

        void clear() {
            entries.clear();
            bytes = 0;
        }
    }
}
