package io.vitrine.protocol;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/// Keeps the last refusals, so that "why did my request fail" has an answer. Thread-safe; refusals are rare enough
/// for one lock.
public final class RefusalJournal {
    private final int capacity;
    private final ArrayDeque<RefusalEntry> entries;
    private long total;

    /// @param capacity entries kept; older ones are forgotten
    public RefusalJournal(int capacity) {
        this.capacity = capacity;
        this.entries = new ArrayDeque<>(capacity);
    }

    public synchronized void add(RefusalEntry entry) {
        if (entries.size() == capacity) {
            entries.removeLast();
        }
        entries.addFirst(entry.shortened());
        total++;
    }

    /// The newest entries, newest first.
    public synchronized List<RefusalEntry> latest(int limit) {
        return new ArrayList<>(entries).subList(0, Math.min(limit, entries.size()));
    }

    /// Entries ever added.
    public synchronized long total() {
        return total;
    }
}
