package io.vitrine.timeline;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// What has happened to a group that has it share out its partitions anew, since it did so last. The first is taken
/// for the cause; many are counted, few are named.
final class PendingCauses {
    private static final int NAMED = 5;
    private static final int KEPT = 1000;

    private final List<Pending> pending = new ArrayList<>();

    /// @param key by which it can be withdrawn
    private record Pending(RebalanceCause cause, String key, String text, long timestampMs) {}

    void add(RebalanceCause cause, String key, String text, long timestampMs) {
        if (pending.size() < KEPT) {
            pending.add(new Pending(cause, key, TimelineEvent.cut(text), timestampMs));
        }
    }

    /// It did not come to that.
    void withdraw(String key) {
        pending.removeIf(some -> some.key().equals(key));
    }

    boolean isEmpty() {
        return pending.isEmpty();
    }

    Optional<Long> since() {
        return pending.isEmpty()
                ? Optional.empty()
                : Optional.of(pending.getFirst().timestampMs());
    }

    RebalanceCause first() {
        return pending.isEmpty() ? RebalanceCause.UNKNOWN : pending.getFirst().cause();
    }

    /// All in words.
    String text() {
        var named = pending.stream().limit(NAMED).map(Pending::text).collect(Collectors.joining("; "));
        return pending.size() <= NAMED ? named : "%s; and %d more".formatted(named, pending.size() - NAMED);
    }

    void clear() {
        pending.clear();
    }
}
