package io.vitrine.server;

import io.vitrine.protocol.Closing;
import io.vitrine.protocol.RefusalJournal;
import io.vitrine.protocol.RequestCounters;
import java.util.Collection;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongConsumer;

/// All open connections and what they share: the limits, the memory, the dispatcher. Thread-safe.
final class Connections {
    // However short memory is, an answer may have this much: one batch gets through.
    private static final long MIN_RESPONSE_BYTES = 64 * 1024;
    // No single answer takes more than this part of what is left.
    private static final int RESPONSE_SHARE = 4;

    private final ListenerSettings settings;
    private final RequestDispatcher dispatcher;
    private final RequestCounters counters;
    private final MemoryBudget requestMemory;
    private final Traffic traffic = new Traffic();
    private final AtomicLong ids = new AtomicLong();
    private final LongAdder opened = new LongAdder();
    private final ClosingLog closingLog = new ClosingLog();
    private final Set<KafkaConnection> open = ConcurrentHashMap.newKeySet();
    private volatile LongConsumer closedListener = _ -> {};
    private volatile int maxConnections;
    private volatile int restPort;

    Connections(ListenerSettings settings, RequestDispatcher dispatcher, RequestCounters counters) {
        this.settings = settings;
        this.dispatcher = dispatcher;
        this.counters = counters;
        this.requestMemory = new MemoryBudget(settings.requestMemoryBytes());
        this.maxConnections = settings.maxConnections();
    }

    ListenerSettings settings() {
        return settings;
    }

    RequestDispatcher dispatcher() {
        return dispatcher;
    }

    /// What to tell those who speak HTTP to the port; empty if nobody knows.
    String restHint() {
        return restPort > 0 ? "; REST is on port " + restPort : "";
    }

    void nameRestPort(int port) {
        restPort = port;
    }

    RefusalJournal refusals() {
        return dispatcher.refusals();
    }

    MemoryBudget requestMemory() {
        return requestMemory;
    }

    ClosingLog closingLog() {
        return closingLog;
    }

    long nextId() {
        return ids.incrementAndGet();
    }

    void add(KafkaConnection connection) {
        open.add(connection);
        opened.increment();
    }

    void onClosed(LongConsumer listener) {
        closedListener = listener;
    }

    void remove(KafkaConnection connection) {
        open.remove(connection);
        closedListener.accept(connection.caller().id());
    }

    Collection<KafkaConnection> open() {
        return open;
    }

    long openedCount() {
        return opened.sum();
    }

    /// Is there room for one more?
    boolean isFull() {
        return open.size() >= maxConnections;
    }

    int maxConnections() {
        return maxConnections;
    }

    void useMaxConnections(int count) {
        maxConnections = count;
    }

    void count(Dispatched request) {
        counters.count(request.apiKey(), System.nanoTime() - request.startNanos());
    }

    Traffic traffic() {
        return traffic;
    }

    /// How large the next answer may be.
    long responseBytesLeft() {
        long left = settings.responseMemoryBytes() - traffic.unsentBytes();
        return Math.max(MIN_RESPONSE_BYTES, left / RESPONSE_SHARE);
    }

    /// Closes connections that were quiet for too long: in the middle of a request, with an answer not taken, or at
    /// all.
    void closeQuiet() {
        for (var connection : open) {
            long quiet = connection.quietNanos();
            if (connection.isStalled() && quiet > settings.maxStall().toNanos()) {
                connection.close(
                        Closing.STALLED,
                        "no progress for %d s in the middle of a request or an answer"
                                .formatted(settings.maxStall().toSeconds()));
            } else if (quiet > settings.maxIdle().toNanos()) {
                connection.close(
                        Closing.IDLE,
                        "idle for %d s (connections.max.idle.ms)"
                                .formatted(settings.maxIdle().toSeconds()));
            }
        }
    }
}
