package io.vitrine.log;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What is known of a log with transactions by whoever wrote it: simple enough to be believed.
final class TransactionLogModel {
    private final List<Written> written = new ArrayList<>();
    private final Map<Long, Long> open = new HashMap<>();
    private long start;
    private long end;

    /// A record, and whose transaction it is of; -1 for none.
    private static final class Written {
        final long offset;
        final String value;
        final long producerId;
        boolean aborted;

        Written(long offset, String value, long producerId) {
            this.offset = offset;
            this.value = value;
            this.producerId = producerId;
        }
    }

    void append(String value, long producerId) {
        written.add(new Written(end, value, producerId));
        if (producerId >= 0) {
            open.putIfAbsent(producerId, end);
        }
        end++;
    }

    void end(long producerId, boolean commit) {
        var first = open.remove(producerId);
        if (first != null && !commit) {
            written.stream()
                    .filter(one -> one.producerId == producerId && one.offset >= first)
                    .forEach(one -> one.aborted = true);
        }
        end++;
    }

    void startAt(long offset) {
        start = Math.max(start, offset);
    }

    boolean isOpen(long producerId) {
        return open.containsKey(producerId);
    }

    long startOffset() {
        return start;
    }

    long endOffset() {
        return end;
    }

    long stableOffset() {
        return Math.max(
                start, open.values().stream().mapToLong(Long::longValue).min().orElse(end));
    }

    /// What a reader of committed data gets.
    List<String> committedFrom(long offset) {
        var values = new TreeMap<Long, String>();
        written.stream()
                .filter(one -> !one.aborted && one.offset >= offset && one.offset < stableOffset())
                .forEach(one -> values.put(one.offset, one.offset + "=" + one.value));
        return List.copyOf(values.values());
    }
}
