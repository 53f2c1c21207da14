package io.vitrine.coordinator;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.apache.kafka.common.errors.CoordinatorNotAvailableException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Starts a coordinator for the first who needs it, and ends it. A start takes a while, and whoever comes meanwhile
/// waits for it; one that fails is tried again for the next who comes.
/// ```
///   idle ──▶ starting ──▶ running
///     │ ▲        │ fails     │
///     │ └────────┘           │
///     └──────────┴───────────┴──▶ closed
/// ```
/// Thread-safe.
public final class CoordinatorStart<C extends CoordinatorStart.Closeable> implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(CoordinatorStart.class);
    // A start that hangs must not keep the broker from closing its logs.
    private static final long MAX_WAIT_MS = 10_000;

    private final String name;
    private final Executor executor;
    private final Maker<C> maker;
    private CompletableFuture<C> running = new CompletableFuture<>();
    private boolean starting;
    private boolean closed;
    private @Nullable C made;

    /// A coordinator that can be ended.
    public interface Closeable extends AutoCloseable {
        /// Is there something else by now than it was made for, so that another has to take its place?
        default boolean isOutdated() {
            return false;
        }

        @Override
        void close();
    }

    /// Makes a coordinator and has it begin its work.
    @FunctionalInterface
    public interface Maker<C> {
        C make() throws Exception;
    }

    /// @param name for messages: `group coordinator`
    /// @param executor runs the start
    /// @param maker leaves nothing behind if it fails
    public CoordinatorStart(String name, Executor executor, Maker<C> maker) {
        this.name = name;
        this.executor = executor;
        this.maker = maker;
    }

    /// The coordinator, as soon as it runs; fails with Kafka's exception if it can't be had. One that is outdated is
    /// ended, and another started.
    public CompletableFuture<C> begin() {
        CompletableFuture<C> waited;
        @Nullable C outdated;
        synchronized (this) {
            if (closed) {
                return CompletableFuture.failedFuture(stopping());
            }
            outdated = takeOutdated();
            waited = running;
            if (starting || made != null) {
                return waited;
            }
            starting = true;
        }
        try {
            executor.execute(() -> {
                try {
                    end(outdated);
                } finally {
                    start();
                }
            });
        } catch (RuntimeException e) {
            end(outdated);
            failed(e);
        }
        return waited;
    }

    /// Caller holds the lock.
    private @Nullable C takeOutdated() {
        var current = made;
        if (current == null || !current.isOutdated()) {
            return null;
        }
        log.info("The {} starts anew, for a topic with another number of partitions", name);
        made = null;
        running = new CompletableFuture<>();
        return current;
    }

    private static void end(CoordinatorStart.@Nullable Closeable coordinator) {
        if (coordinator != null) {
            coordinator.close();
        }
    }

    /// The coordinator, if it runs.
    public synchronized Optional<C> find() {
        return closed ? Optional.empty() : Optional.ofNullable(made);
    }

    public synchronized boolean isClosed() {
        return closed;
    }

    /// Tells who waits that there will be none, and ends the one there is or is about to be: when this returns, it
    /// does not touch its log any more.
    @Override
    public void close() {
        CompletableFuture<C> waited;
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            waited = running;
        }
        waited.completeExceptionally(stopping());
        end(waitForStart());
    }

    private void start() {
        if (isClosed()) {
            // Nobody waits for it.
            ended(null);
            return;
        }
        try {
            var coordinator = maker.make();
            CompletableFuture<C> waited;
            synchronized (this) {
                waited = running;
            }
            ended(coordinator);
            waited.complete(coordinator);
        } catch (Exception | Error e) {
            failed(e);
        }
    }

    private void failed(Throwable why) {
        log.error("The {} did not start", name, why);
        CompletableFuture<C> waited;
        synchronized (this) {
            waited = running;
            if (!closed) {
                running = new CompletableFuture<>();
            }
        }
        ended(null);
        waited.completeExceptionally(new CoordinatorNotAvailableException("it did not start: " + why));
    }

    private static CoordinatorNotAvailableException stopping() {
        return new CoordinatorNotAvailableException("the broker is stopping");
    }

    private synchronized void ended(@Nullable C coordinator) {
        starting = false;
        made = coordinator;
        notifyAll();
    }

    private synchronized @Nullable C waitForStart() {
        long deadline = System.nanoTime() + MAX_WAIT_MS * 1_000_000;
        try {
            while (starting && System.nanoTime() < deadline) {
                wait(100);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (starting) {
            log.warn("The {} was still starting when the broker stopped", name);
        }
        return made;
    }
}
