package io.vitrine.log;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;

/// The directory of one log, which can be given another name while the log is at work. All know its files by the name
/// it had first; whoever comes after the move is led to the new one. So nothing that is still being written for a
/// deleted topic ever lands in the directory of another one that has been given its name.
final class MovableDirectory implements Disk {
    private final Disk disk;
    private final Path known;
    private final ReadWriteLock lock = new ReentrantReadWriteLock();
    private final Map<DiskFile, Path> opened = Collections.synchronizedMap(new WeakHashMap<>());
    // Guarded by `lock`.
    private Path current;
    private boolean left;
    private volatile @Nullable IOException refusal;

    /// @param directory where the log lies
    MovableDirectory(Disk disk, Path directory) {
        this.disk = disk;
        this.known = directory;
        this.current = directory;
    }

    /// Gives the directory another name, in one step. The directory above it is not forced. Files that are open can be
    /// read on, and no more than that.
    void moveTo(Path target) throws IOException {
        locked(lock.writeLock(), () -> {
            disk.rename(current, target);
            current = target;
            for (var file : List.copyOf(opened.entrySet())) {
                file.getKey().movedTo(actual(file.getValue()));
            }
            return target;
        });
    }

    /// Lets nobody in any more, so that all of it can be removed: who was at work has left when this returns.
    void leave() throws IOException {
        locked(lock.writeLock(), () -> left = true);
    }

    @Override
    public DiskFile open(Path file) throws IOException {
        return unmoved(() -> remember(file, disk.open(actual(file))));
    }

    @Override
    public DiskFile openExisting(Path file) throws IOException {
        return unmoved(() -> remember(file, disk.openExisting(actual(file))));
    }

    @Override
    public boolean exists(Path path) throws IOException {
        return unmoved(() -> disk.exists(actual(path)));
    }

    @Override
    public boolean isDirectory(Path path) throws IOException {
        return unmoved(() -> disk.isDirectory(actual(path)));
    }

    @Override
    public List<String> list(Path directory) throws IOException {
        return unmoved(() -> disk.list(actual(directory)));
    }

    @Override
    public void createDirectories(Path directory) throws IOException {
        unmoved(() -> {
            disk.createDirectories(actual(directory));
            return directory;
        });
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        unmoved(() -> {
            disk.rename(actual(from), actual(to));
            return to;
        });
    }

    @Override
    public void delete(Path path) throws IOException {
        unmoved(() -> {
            disk.delete(actual(path));
            return path;
        });
    }

    @Override
    public void forceDirectory(Path directory) throws IOException {
        unmoved(() -> {
            if (refusal != null) {
                throw new IOException("The directory could not be forced before", refusal);
            }
            try {
                disk.forceDirectory(actual(directory));
            } catch (IOException e) {
                refusal = e;
                throw e;
            }
            return directory;
        });
    }

    /// Why the disk has refused to force the names in here since the log was opened, whoever asked; null if it has not.
    /// That concerns all names which were not durable by then. It is not asked again, as it would not tell what has
    /// become of them.
    @Nullable
    IOException refusal() {
        return refusal;
    }

    /// The log is about to be opened anew, and what was not forced to be written again.
    void forgetRefusal() {
        refusal = null;
    }

    @Override
    public long usableBytes(Path path) throws IOException {
        return unmoved(() -> disk.usableBytes(actual(path)));
    }

    /// Under the name it has, as long as somebody uses it.
    private DiskFile remember(Path file, DiskFile made) {
        opened.put(made, file);
        return made;
    }

    private Path actual(Path path) {
        return path.startsWith(known) ? current.resolve(known.relativize(path)) : path;
    }

    private interface Work<T> {
        T run() throws IOException;
    }

    private <T> T unmoved(Work<T> work) throws IOException {
        return locked(lock.readLock(), () -> {
            if (left) {
                throw new NoSuchFileException(current.toString(), null, "it was deleted");
            }
            return work.run();
        });
    }

    private static <T> T locked(Lock lock, Work<T> work) throws IOException {
        lock.lock();
        try {
            return work.run();
        } finally {
            lock.unlock();
        }
    }
}
