package io.vitrine.log;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One of the directories that `log.dirs` names: locked against a second broker while it is open, and marked when it
/// was left in order. Both files are Apache Kafka's: `.lock`, and `.kafka_cleanshutdown`, which tells Kafka that it
/// need not check the ends of the logs; so it must not be there while anything is written.
public final class LogDirectory implements Closeable {
    private static final String LOCK_FILE = ".lock";
    private static final String CLEAN_SHUTDOWN_FILE = ".kafka_cleanshutdown";
    private static final String CLEAN_SHUTDOWN_CONTENT = "{\"version\":0,\"brokerEpoch\":-1}";

    private final Path path;
    private final FileChannel lock;
    private final Disk disk;
    private boolean cleanlyStopped;
    private volatile @Nullable IOException refused;

    private LogDirectory(Path path, FileChannel lock, Disk disk) {
        this.path = path;
        this.lock = lock;
        this.disk = disk;
    }

    /// Locks the directory, which is created where it does not exist.
    ///
    /// @throws IOException if another process holds it
    public static LogDirectory open(Path path) throws IOException {
        return open(path, new LocalDisk());
    }

    /// The same, of which all but the lock lies on `disk`.
    public static LogDirectory open(Path path, Disk disk) throws IOException {
        Files.createDirectories(path);
        var lock = FileChannel.open(path.resolve(LOCK_FILE), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            if (lock.tryLock() == null) {
                throw new IOException("%s is in use by another broker, which holds its .lock file".formatted(path));
            }
            return new LogDirectory(path, lock, disk);
        } catch (OverlappingFileLockException e) {
            lock.close();
            throw new IOException("%s is in use by a broker in this process".formatted(path), e);
        } catch (IOException e) {
            lock.close();
            throw e;
        }
    }

    public Path path() {
        return path;
    }

    /// The disk that holds it.
    public Disk disk() {
        return disk;
    }

    /// One of its checkpoints, for reading and writing.
    public CheckpointFile checkpoint(OffsetCheckpoint which) {
        return new CheckpointFile(disk, path.resolve(which.fileName()));
    }

    /// Was there the mark of an orderly stop when [#markInUse] took it away?
    public boolean wasCleanlyStopped() {
        return cleanlyStopped;
    }

    /// What one of its checkpoints says, by the names of the partitions' directories.
    public Map<String, Long> read(OffsetCheckpoint which) throws IOException {
        return checkpoint(which).read();
    }

    /// Takes the mark of an orderly stop away, before anything is written.
    public void markInUse() throws IOException {
        cleanlyStopped = disk.exists(path.resolve(CLEAN_SHUTDOWN_FILE));
        if (cleanlyStopped) {
            disk.delete(path.resolve(CLEAN_SHUTDOWN_FILE));
            // Back after a power failure, it would vouch for a torn log.
            disk.forceDirectory(path);
        }
    }

    /// Leaves the mark of an orderly stop, after everything has been forced to disk.
    public void markCleanlyStopped() throws IOException {
        SmallFile.write(
                disk,
                path.resolve(CLEAN_SHUTDOWN_FILE),
                ByteBuffer.wrap(CLEAN_SHUTDOWN_CONTENT.getBytes(StandardCharsets.UTF_8)));
    }

    /// Makes durable what the directories in it are called. Once the disk has refused that, it is never asked again: it
    /// is unknown which of the names it has, and another call that succeeds would not tell.
    ///
    /// @throws IOException if it refuses, and ever after
    public void forceNames() throws IOException {
        var earlier = refused;
        if (earlier != null) {
            throw new IOException("it has refused one before: " + earlier.getMessage(), earlier);
        }
        try {
            disk.forceDirectory(path);
        } catch (IOException e) {
            refused = e;
            throw e;
        }
    }

    /// Bytes that are free for us.
    public long usableBytes() throws IOException {
        return disk.usableBytes(path);
    }

    /// All bytes of the file system.
    public long totalBytes() throws IOException {
        return Files.getFileStore(path).getTotalSpace();
    }

    @Override
    public void close() throws IOException {
        lock.close();
    }
}
