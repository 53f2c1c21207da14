package io.vitrine.partition;

import io.vitrine.log.CleanerSettings;
import io.vitrine.log.RateLimit;
import io.vitrine.log.Throttle;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/// The threads that compact logs, as many as the settings of the moment say, and how they wait: for something to do,
/// for the rate limit. Whoever waits goes on at once when the settings change, and all end soon when they are stopped.
final class CleanerThreads implements AutoCloseable, Throttle {
    private final BooleanSupplier work;
    private final long initialDelayMs;
    private final RateLimit rate;
    private volatile CleanerSettings settings;
    private volatile boolean stopped;
    // Guarded by `this`.
    private final Map<Integer, Thread> threads = new TreeMap<>();
    private boolean begun;
    private long changes;

    /// @param work does one piece of work, if there is one
    CleanerThreads(CleanerSettings settings, long initialDelayMs, BooleanSupplier work) {
        this.settings = settings;
        this.initialDelayMs = initialDelayMs;
        this.work = work;
        this.rate = new RateLimit(settings.maxBytesPerSecond(), System::nanoTime, this::pause);
    }

    CleanerSettings settings() {
        return settings;
    }

    boolean isStopped() {
        return stopped;
    }

    /// Starts them, unless they run or must not.
    synchronized void begin() {
        begun = true;
        startMissing();
    }

    /// Goes on with other settings. A thread that is too many ends with what it is at.
    synchronized void use(CleanerSettings newSettings) {
        if (newSettings.equals(settings)) {
            return;
        }
        settings = newSettings;
        rate.use(newSettings.maxBytesPerSecond());
        changes++;
        notifyAll();
        if (begun) {
            startMissing();
        }
    }

    @Override
    public void acquire(long count) throws IOException {
        rate.acquire(count);
        if (stopped) {
            throw new InterruptedIOException("the broker is stopping");
        }
    }

    /// Ends them and waits for it.
    @Override
    public void close() {
        List<Thread> working;
        synchronized (this) {
            stopped = true;
            notifyAll();
            working = List.copyOf(threads.values());
        }
        try {
            for (var thread : working) {
                thread.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Caller holds the lock.
    private void startMissing() {
        if (stopped || !settings.enabled()) {
            return;
        }
        for (int i = 0; i < settings.threads(); i++) {
            int index = i;
            threads.computeIfAbsent(
                    index,
                    _ -> Thread.ofPlatform()
                            .name("log-cleaner-" + index)
                            .daemon()
                            .start(() -> run(index)));
        }
    }

    private void run(int index) {
        try {
            pause(TimeUnit.MILLISECONDS.toNanos(initialDelayMs));
            while (isWanted(index)) {
                if (!work.getAsBoolean()) {
                    pause(TimeUnit.MILLISECONDS.toNanos(settings.backoffMs()));
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Who is not, is started again should there be more later.
    private synchronized boolean isWanted(int index) {
        boolean wanted = !stopped && index < settings.threads();
        if (!wanted && !stopped) {
            threads.remove(index);
        }
        return wanted;
    }

    private synchronized void pause(long nanos) throws InterruptedException {
        long before = changes;
        long start = System.nanoTime();
        long left = nanos;
        while (left > 0 && !stopped && changes == before) {
            TimeUnit.NANOSECONDS.timedWait(this, left);
            left = nanos - (System.nanoTime() - start);
        }
    }
}
