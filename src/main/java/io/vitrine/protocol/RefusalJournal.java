package io.vitrine.protocol;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/// Keeps the last refusals, so that "why did my request fail" has an answer. Thread-safe; refusals are rare enough
/// for one lock.
public final class RefusalJournal {
    /// Entries kept of one request: it may name a million things that are refused, and others want to find theirs.
    public static final int MOST_OF_A_REQUEST = 100;

    private final int capacity;
    private final ArrayDeque<RefusalEntry> entries;
    private long total;
    private int ofThisRequest;

    /// @param capacity entries kept; older ones are forgotten
    public RefusalJournal(int capacity) {
        this.capacity = capacity;
        this.entries = new ArrayDeque<>(capacity);
    }

    public synchronized void add(RefusalEntry entry) {
        total++;
        var last = entries.peekFirst();
        ofThisRequest = last != null && last.isOfSameRequestAs(entry) ? ofThisRequest + 1 : 1;
        if (ofThisRequest > MOST_OF_A_REQUEST) {
            return;
        }
        if (entries.size() == capacity) {
            entries.removeLast();
        }
        entries.addFirst(entry.shortened());
    }

    /// The newest entries, newest first.
    public synchronized List<RefusalEntry> latest(int limit) {
        return new ArrayList<>(entries).subList(0, Math.min(limit, entries.size()));
    }

    /// Forgets all of them.
    public synchronized void clear() {
        entries.clear();
    }

    /// Entries ever added.
    public synchronized long total() {
        return total;
    }
}
