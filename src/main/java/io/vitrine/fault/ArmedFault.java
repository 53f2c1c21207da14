package io.vitrine.fault;

import io.vitrine.protocol.Answer;
import io.vitrine.protocol.Closing;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/// A fault that has been set, and what it has done so far. Thread-safe.
public final class ArmedFault {
    private final int id;
    private final Fault fault;
    private final Clock clock;
    private final Instant set;
    private final Random random;
    private final Set<CompletableFuture<Answer>> unanswered = ConcurrentHashMap.newKeySet();
    private volatile boolean released;
    private long matched;
    private long done;

    ArmedFault(int id, Fault fault, Clock clock) {
        this.id = id;
        this.fault = fault;
        this.clock = clock;
        this.set = clock.instant();
        this.random = new Random(fault.schedule().seed());
    }

    public int id() {
        return id;
    }

    public Fault fault() {
        return fault;
    }

    public Instant set() {
        return set;
    }

    /// Requests that it could have hit.
    public synchronized long matched() {
        return matched;
    }

    /// Requests that it has hit.
    public synchronized long done() {
        return done;
    }

    /// Can it hit no request any more?
    public synchronized boolean isOver() {
        var schedule = fault.schedule();
        return (schedule.count() > 0 && done >= schedule.count())
                || (schedule.forMs() > 0
                        && Duration.between(set, clock.instant()).toMillis() >= schedule.forMs());
    }

    /// A request matches: is it hit?
    synchronized boolean fires() {
        if (isOver()) {
            return false;
        }
        matched++;
        var schedule = fault.schedule();
        boolean hit = matched % schedule.everyNth() == 0
                && (schedule.probability() == 1 || random.nextDouble() < schedule.probability());
        if (hit) {
            done++;
        }
        return hit;
    }

    /// An answer that never comes, until the client is gone or the fault is removed.
    @SuppressWarnings("CollectionUndefinedEquality") // A future equals itself and nothing else, as it should here.
    CompletableFuture<Answer> noAnswer() {
        var never = new CompletableFuture<Answer>();
        unanswered.add(never);
        never.whenComplete((_, _) -> unanswered.remove(never));
        // It may have been removed while the work was done.
        if (released) {
            release();
        }
        return never;
    }

    /// Closes the connections that wait for answers it has dropped.
    void release() {
        released = true;
        List.copyOf(unanswered)
                .forEach(never -> never.complete(new Answer.Close(
                        Closing.FAULT_INJECTED, "fault %d, which dropped an answer, was removed".formatted(id))));
    }
}
