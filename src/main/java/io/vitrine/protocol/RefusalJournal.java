package io.vitrine.protocol;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Keeps the last refusals, so that "why did my request fail" has an answer. What a client is refused again and again
/// is one entry that counts: who retries without end must not push out what others look for. Thread-safe; refusals are
/// rare enough for one lock.
public final class RefusalJournal {
    /// Entries kept of one request: it may name a million things that are refused, and others want to find theirs.
    public static final int MOST_OF_A_REQUEST = 100;

    private final int capacity;
    /// The one that was repeated longest ago comes first.
    private final LinkedHashMap<RefusalEntry.Sameness, Kept> entries = new LinkedHashMap<>();
    private long total;
    private @Nullable RefusalEntry last;
    private int ofThisRequest;

    /// A refusal, and how often it came.
    ///
    /// @param latest the last of them
    /// @param firstTime of the first of them
    /// @param times how many; 1 if it was never repeated
    public record Kept(RefusalEntry latest, Instant firstTime, long times) {
        private Kept again(RefusalEntry entry) {
            return new Kept(entry, firstTime, times + 1);
        }
    }

    /// @param capacity entries kept; those that were not repeated for longest are forgotten
    public RefusalJournal(int capacity) {
        this.capacity = capacity;
    }

    public synchronized void add(RefusalEntry entry) {
        total++;
        ofThisRequest = last != null && last.isOfSameRequestAs(entry) ? ofThisRequest + 1 : 1;
        last = entry.shortened();
        var sameness = last.sameness();
        // It goes to the end, where the newest are.
        var before = entries.remove(sameness);
        if (before != null) {
            entries.put(sameness, before.again(last));
        } else if (ofThisRequest <= MOST_OF_A_REQUEST) {
            if (entries.size() == capacity) {
                entries.pollFirstEntry();
            }
            entries.put(sameness, new Kept(last, last.time(), 1));
        }
    }

    /// The newest entries, newest first.
    public synchronized List<Kept> kept(int limit) {
        return new ArrayList<>(entries.sequencedValues().reversed()).subList(0, Math.min(limit, entries.size()));
    }

    /// The same without how often they came.
    public List<RefusalEntry> latest(int limit) {
        return kept(limit).stream().map(Kept::latest).toList();
    }

    /// Forgets all of them.
    public synchronized void clear() {
        entries.clear();
    }

    /// Refusals since the start, repeated and forgotten ones too.
    public synchronized long total() {
        return total;
    }
}
