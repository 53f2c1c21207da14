package io.vitrine.fault;

import java.time.Clock;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The faults that are set. Where none is, a request costs one look at a field. Thread-safe.
public final class Faults implements AutoCloseable {
    /// As many may be set, those included that are over.
    public static final int MOST = 100;

    private static final Logger log = LoggerFactory.getLogger(Faults.class);

    private final TopicNames topics;
    private final Clock clock;
    private final Map<Effect.Kind, LongAdder> injected = new EnumMap<>(Effect.Kind.class);
    private final List<ArmedFault> all = new ArrayList<>();
    private int lastId;
    private volatile @Nullable FaultyService active;

    public Faults(TopicNames topics, Clock clock) {
        this.topics = topics;
        this.clock = clock;
        for (var kind : Effect.Kind.values()) {
            injected.put(kind, new LongAdder());
        }
    }

    /// What requests have to pass; null if no fault is set.
    public @Nullable FaultyService active() {
        return active;
    }

    /// Sets a fault; where several match a request, the oldest that hits it does.
    ///
    /// @return empty if there are too many
    public synchronized Optional<ArmedFault> add(Fault fault) {
        if (all.size() >= MOST) {
            return Optional.empty();
        }
        var armed = new ArmedFault(++lastId, fault, clock);
        all.add(armed);
        publish();
        log.warn("Fault {} is set, requests will fail on purpose: {}", armed.id(), fault);
        return Optional.of(armed);
    }

    /// In the order in which they were set.
    public synchronized List<ArmedFault> all() {
        return List.copyOf(all);
    }

    public synchronized Optional<ArmedFault> find(int id) {
        return all.stream().filter(fault -> fault.id() == id).findFirst();
    }

    /// How many may still hit a request.
    public long activeCount() {
        return all().stream().filter(fault -> !fault.isOver()).count();
    }

    /// Requests that were hit since the broker started.
    public long injected(Effect.Kind kind) {
        return counter(kind).sum();
    }

    /// Takes one away.
    ///
    /// @return was it there?
    public synchronized boolean remove(int id) {
        var found = find(id);
        found.ifPresent(fault -> {
            all.remove(fault);
            publish();
            fault.release();
        });
        return found.isPresent();
    }

    /// Removes all of them.
    ///
    /// @return how many there were
    public synchronized int clear() {
        var former = List.copyOf(all);
        all.clear();
        publish();
        former.forEach(ArmedFault::release);
        if (!former.isEmpty()) {
            log.info("{} faults are removed", former.size());
        }
        return former.size();
    }

    @Override
    public void close() {
        clear();
    }

    void count(Effect.Kind kind) {
        counter(kind).increment();
    }

    /// One of them is over, perhaps.
    synchronized void tidy() {
        publish();
    }

    private void publish() {
        var left = all.stream().filter(fault -> !fault.isOver()).toList();
        active = left.isEmpty() ? null : new FaultyService(this, left, topics);
    }

    private LongAdder counter(Effect.Kind kind) {
        var counter = injected.get(kind);
        if (counter == null) {
            throw new IllegalStateException("No counter for " + kind);
        }
        return counter;
    }
}
