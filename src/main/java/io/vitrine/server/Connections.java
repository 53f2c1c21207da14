package io.vitrine.server;

import io.netty.util.concurrent.EventExecutor;
import io.vitrine.protocol.Arrivals;
import io.vitrine.protocol.Closing;
import io.vitrine.protocol.RefusalJournal;
import io.vitrine.protocol.RequestCounters;
import io.vitrine.tap.Exchange;
import io.vitrine.tap.ExchangeRing;
import io.vitrine.tap.RecentExchanges;
import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
    private final Arrivals arrivals = new Arrivals(Clock.systemUTC());
    private final ClosingLog closingLog = new ClosingLog();
    private final Map<Long, KafkaConnection> open = new ConcurrentHashMap<>();
    private final RecentExchanges exchanges;
    private final Map<EventExecutor, ExchangeRing> rings = new ConcurrentHashMap<>();
    private volatile LongConsumer closedListener = _ -> {};
    private volatile int maxConnections;
    private volatile int restPort;

    Connections(
            ListenerSettings settings,
            RequestDispatcher dispatcher,
            RequestCounters counters,
            RecentExchanges exchanges) {
        this.settings = settings;
        this.dispatcher = dispatcher;
        this.counters = counters;
        this.exchanges = exchanges;
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

    Arrivals arrivals() {
        return arrivals;
    }

    long nextId() {
        return ids.incrementAndGet();
    }

    void add(KafkaConnection connection) {
        open.put(connection.tally().caller().id(), connection);
        opened.increment();
    }

    void onClosed(LongConsumer listener) {
        closedListener = listener;
    }

    void remove(KafkaConnection connection) {
        long id = connection.tally().caller().id();
        open.remove(id);
        closedListener.accept(id);
    }

    Collection<KafkaConnection> open() {
        return open.values();
    }

    /// Those with this id and greater ones, in the order of their ids.
    List<KafkaConnection> from(long id, int limit) {
        return open.entrySet().stream()
                .filter(entry -> entry.getKey() >= id)
                .sorted(Map.Entry.comparingByKey())
                .limit(limit)
                .map(Map.Entry::getValue)
                .toList();
    }

    Optional<KafkaConnection> find(long id) {
        return Optional.ofNullable(open.get(id));
    }

    /// Where the exchanges of an event loop are kept.
    ExchangeRing ring(EventExecutor eventLoop) {
        return rings.computeIfAbsent(eventLoop, _ -> exchanges.newRing());
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

    /// Counts a request whose answer is about to leave.
    void count(Exchange exchange) {
        long now = System.nanoTime();
        exchange.answered(now);
        counters.count(exchange.apiKey(), now - exchange.startedNanos());
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
        for (var connection : open.values()) {
            long quiet = connection.tally().quietNanos();
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
