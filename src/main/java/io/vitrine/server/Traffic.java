package io.vitrine.server;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/// What has been sent to all clients, and the memory that answers take which they have not taken yet. Thread-safe.
final class Traffic {
    private final AtomicLong unsentBytes = new AtomicLong();
    private final LongAdder sent = new LongAdder();
    private final LongAdder sentFromFiles = new LongAdder();

    void begun(int memoryBytes) {
        unsentBytes.addAndGet(memoryBytes);
    }

    void ended(int memoryBytes) {
        unsentBytes.addAndGet(-memoryBytes);
    }

    void sent(long memoryBytes, long fileBytes) {
        sent.add(memoryBytes + fileBytes);
        sentFromFiles.add(fileBytes);
    }

    /// Memory of answers on their way.
    long unsentBytes() {
        return unsentBytes.get();
    }

    long sentBytes() {
        return sent.sum();
    }

    /// How much of that never passed through our memory.
    long sentFromFiles() {
        return sentFromFiles.sum();
    }
}
