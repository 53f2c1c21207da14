package io.vitrine.log;

import java.util.TreeMap;

/// The transactions of a log that are open, by where they begin. The first of them is where the log is no longer
/// stable. The owner serialises calls; [#firstOffset] may be asked by anybody.
final class OpenTransactions {
    /// No transaction is open.
    static final long NONE = Long.MAX_VALUE;

    private final TreeMap<Long, Long> producers = new TreeMap<>();
    private volatile long firstOffset = NONE;

    /// Where the first one begins, or [#NONE].
    long firstOffset() {
        return firstOffset;
    }

    /// One begins. To be called before its first batch can be read, or a reader would take that for decided.
    void begin(long offset, long producerId) {
        producers.put(offset, producerId);
        publish();
    }

    /// One is over: it was ended, or its first batch has not come into the log.
    void end(long offset) {
        producers.remove(offset);
        publish();
    }

    /// Where the log is no longer stable when the transaction that began at `offset` is over.
    ///
    /// @param otherwise the answer if no other is open
    long firstBeside(long offset, long otherwise) {
        for (var begun : producers.keySet()) {
            if (begun != offset) {
                return begun;
            }
        }
        return otherwise;
    }

    void clear() {
        producers.clear();
        publish();
    }

    private void publish() {
        firstOffset = producers.isEmpty() ? NONE : producers.firstKey();
    }
}
