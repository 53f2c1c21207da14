package io.vitrine.tap;

import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// Wakes one waiting thread. Whoever rings pays for a look at a flag, and for more only where somebody waits.
final class Bell {
    private volatile boolean rung;
    private volatile @Nullable Thread waiter;

    /// Rings. For any thread.
    void ring() {
        if (!rung) {
            rung = true;
            LockSupport.unpark(waiter);
        }
    }

    /// Forgets that it has rung. To be called before a look at what there is, so that nothing slips between the two.
    void reset() {
        rung = false;
    }

    /// Waits until it has rung since the last reset, or `nanos` have passed, or the thread is interrupted.
    void await(long nanos) {
        waiter = Thread.currentThread();
        long deadline = System.nanoTime() + nanos;
        for (long left = nanos; left > 0 && !rung; left = deadline - System.nanoTime()) {
            LockSupport.parkNanos(this, left);
            if (Thread.currentThread().isInterrupted()) {
                return;
            }
        }
    }
}
