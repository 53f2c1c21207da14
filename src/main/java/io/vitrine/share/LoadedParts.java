package io.vitrine.share;

import io.vitrine.log.LogSlice;
import io.vitrine.partition.ColdReads;
import io.vitrine.partition.Partition;
import io.vitrine.partition.ReadOutcome;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What was loaded from a disk for one fetch, until it has been used. For one thread.
final class LoadedParts {
    private final Map<Partition, ColdReads.Loaded> parts = new HashMap<>();

    void add(List<ColdReads.Loaded> loaded) {
        loaded.forEach(one -> parts.put(one.part().partition(), one));
    }

    boolean isEmpty() {
        return parts.isEmpty();
    }

    void clear() {
        parts.clear();
    }

    /// What the log had from this offset on; null if that was not loaded.
    @Nullable
    ReadOutcome<LogSlice> find(ColdReads.Part wanted) {
        var found = parts.get(wanted.partition());
        return found != null && found.part().offset() == wanted.offset() ? found.outcome() : null;
    }
}
