package io.vitrine.log;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What is known of a log with transactions by whoever wrote it: a list of what was written, of which everything else
/// is told anew each time. Simple enough to be believed.
final class TransactionLogModel {
    private final List<Written> written = new ArrayList<>();
    private long start;

    /// A batch of one record.
    ///
    /// @param value null for a marker
    /// @param producerId -1 if it is outside transactions
    private record Written(@Nullable String value, long producerId, boolean commit) {}

    void append(String value, long producerId) {
        written.add(new Written(value, producerId, false));
    }

    void end(long producerId, boolean commit) {
        written.add(new Written(null, producerId, commit));
    }

    void startAt(long offset) {
        start = Math.max(start, offset);
    }

    /// What is behind `end` has been lost.
    void truncateTo(long end) {
        written.subList((int) end, written.size()).clear();
    }

    long startOffset() {
        return start;
    }

    long endOffset() {
        return written.size();
    }

    boolean isOpen(long producerId) {
        return open().containsKey(producerId);
    }

    long stableOffset() {
        return Math.max(
                start, open().values().stream().mapToLong(Long::longValue).min().orElse(endOffset()));
    }

    /// Where the open transactions begin, by producer.
    private Map<Long, Long> open() {
        var open = new HashMap<Long, Long>();
        for (int i = 0; i < written.size(); i++) {
            var one = written.get(i);
            if (one.value == null) {
                open.remove(one.producerId);
            } else if (one.producerId >= 0) {
                open.putIfAbsent(one.producerId, (long) i);
            }
        }
        return open;
    }

    /// What a reader of committed data gets.
    List<String> committedFrom(long offset) {
        var values = new ArrayList<String>();
        var aborted = abortedOffsets();
        for (long i = Math.max(offset, start); i < stableOffset(); i++) {
            var value = written.get((int) i).value;
            if (value != null && !aborted.contains(i)) {
                values.add(i + "=" + value);
            }
        }
        return values;
    }

    private Set<Long> abortedOffsets() {
        var aborted = new HashSet<Long>();
        var pending = new HashMap<Long, List<Long>>();
        for (int i = 0; i < written.size(); i++) {
            var one = written.get(i);
            if (one.value != null) {
                pending.computeIfAbsent(one.producerId, _ -> new ArrayList<>()).add((long) i);
                continue;
            }
            var ended = pending.remove(one.producerId);
            if (ended != null && !one.commit) {
                aborted.addAll(ended);
            }
        }
        return aborted;
    }
}
