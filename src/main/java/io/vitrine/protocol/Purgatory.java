package io.vitrine.protocol;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;

/// The requests that wait for something before they are answered, in the order in which they began to; Kafka's word
/// for the place where they do. Thread-safe.
public final class Purgatory {
    private final ConcurrentNavigableMap<Long, Waiting> waiting = new ConcurrentSkipListMap<>();
    private final AtomicLong ids = new AtomicLong();

    /// A request that waits.
    @FunctionalInterface
    public interface Waiting {
        /// What it is at this moment.
        ///
        /// @param id the one it was given here
        /// @param maxPartitions how many partitions to name
        PurgatoryEntry describe(long id, int maxPartitions);
    }

    /// Notes that a request begins to wait.
    ///
    /// @return its id, greater than those given before
    public long add(Waiting request) {
        long id = ids.incrementAndGet();
        waiting.put(id, request);
        return id;
    }

    /// Notes that a request waits no more.
    public void remove(long id) {
        waiting.remove(id);
    }

    public int size() {
        return waiting.size();
    }

    /// Those that wait at this moment, from the one with the id `from` on.
    public List<PurgatoryEntry> list(long from, int limit, int maxPartitions) {
        var entries = new ArrayList<PurgatoryEntry>();
        for (var entry : waiting.tailMap(from, true).entrySet()) {
            if (entries.size() == limit) {
                break;
            }
            entries.add(entry.getValue().describe(entry.getKey(), maxPartitions));
        }
        return entries;
    }
}
