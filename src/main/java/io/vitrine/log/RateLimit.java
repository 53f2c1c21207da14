package io.vitrine.log;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/// Lets so many bytes pass in a second, as `log.cleaner.io.max.bytes.per.second` asks, over all threads that share
/// it. Each waits for what was let pass before it, so that one large piece delays the next and not itself.
public final class RateLimit implements Throttle {
    private double bytesPerSecond;
    private final LongSupplier nanoTime;
    private final Pause pause;
    private boolean used;
    private long freeAtNanos;

    /// How to wait.
    @FunctionalInterface
    public interface Pause {
        void forNanos(long nanos) throws InterruptedException;
    }

    RateLimit(double bytesPerSecond) {
        this(bytesPerSecond, System::nanoTime, TimeUnit.NANOSECONDS::sleep);
    }

    public RateLimit(double bytesPerSecond, LongSupplier nanoTime, Pause pause) {
        if (!(bytesPerSecond > 0)) {
            throw new IllegalArgumentException("%s bytes per second".formatted(bytesPerSecond));
        }
        this.bytesPerSecond = bytesPerSecond;
        this.nanoTime = nanoTime;
        this.pause = pause;
    }

    /// Goes on at another rate. What comes next does not wait for what was let pass at the one before; what waits now
    /// does so for as long as its [Pause] lets it.
    public synchronized void use(double newBytesPerSecond) {
        bytesPerSecond = newBytesPerSecond;
        used = false;
    }

    /// @throws InterruptedIOException if the thread is interrupted, before it waits or while it does
    @Override
    public void acquire(long count) throws IOException {
        long waitNanos = reserve(count);
        try {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            if (waitNanos > 0) {
                pause.forNanos(waitNanos);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            var stopped = new InterruptedIOException("compaction was interrupted");
            stopped.initCause(e);
            throw stopped;
        }
    }

    private synchronized long reserve(long count) {
        long now = nanoTime.getAsLong();
        long waitNanos = used ? Math.max(0, freeAtNanos - now) : 0;
        used = true;
        freeAtNanos = now + waitNanos + (long) (count / bytesPerSecond * TimeUnit.SECONDS.toNanos(1));
        return waitNanos;
    }
}
