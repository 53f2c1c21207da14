package io.vitrine.control;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Wakes all who wait whenever something may have become as they wish. Who looks and then waits takes the count from
/// before the look, so that nothing is missed in between.
final class Bell {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition rung = lock.newCondition();
    private long count;
    private int listeners;

    /// Is there anybody to hear it?
    boolean isHeard() {
        lock.lock();
        try {
            return listeners > 0;
        } finally {
            lock.unlock();
        }
    }

    void listen() {
        change(1);
    }

    void leave() {
        change(-1);
    }

    void ring() {
        lock.lock();
        try {
            count++;
            rung.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// How often it has rung.
    long count() {
        lock.lock();
        try {
            return count;
        } finally {
            lock.unlock();
        }
    }

    /// Waits until it has rung more than `seen` times, or for `nanos`.
    void await(long seen, long nanos) throws InterruptedException {
        lock.lock();
        try {
            long left = nanos;
            while (count <= seen && left > 0) {
                left = rung.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    private void change(int by) {
        lock.lock();
        try {
            listeners += by;
        } finally {
            lock.unlock();
        }
    }
}
