package io.vitrine.partition;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Who waits for the next append to one partition. Thread-safe.
public final class AppendListeners {
    private final Set<Runnable> listeners = ConcurrentHashMap.newKeySet();

    /// Has `listener` run after each append, on the appending thread, until it is removed.
    public void add(Runnable listener) {
        listeners.add(listener);
    }

    public void remove(Runnable listener) {
        listeners.remove(listener);
    }

    public int count() {
        return listeners.size();
    }

    void appended() {
        listeners.forEach(Runnable::run);
    }
}
