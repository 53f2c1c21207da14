package io.vitrine.log;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Objects;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/// The disk as one process has it: when the process has ended, whatever is left of it in this one does nothing to the
/// disk any more. Files that it has open end with [SimulatedDisk#kill()].
public final class ProcessDisk {
    private final Disk disk;
    private final ReadWriteLock lock = new ReentrantReadWriteLock();
    private boolean ended;

    public ProcessDisk(Disk disk) {
        this.disk = disk;
    }

    public Disk disk() {
        return (Disk) Objects.requireNonNull(Proxy.newProxyInstance(
                Disk.class.getClassLoader(),
                new Class<?>[] {Disk.class},
                (_, method, arguments) -> call(method, arguments)));
    }

    /// When this returns, nothing is done any more, and nothing is being done.
    public void end() {
        lock.writeLock().lock();
        try {
            ended = true;
        } finally {
            lock.writeLock().unlock();
        }
    }

    private Object call(Method method, Object[] arguments) throws Throwable {
        lock.readLock().lock();
        try {
            if (ended) {
                throw new IOException("the process has ended");
            }
            return method.invoke(disk, arguments);
        } catch (InvocationTargetException e) {
            throw e.getTargetException();
        } finally {
            lock.readLock().unlock();
        }
    }
}
