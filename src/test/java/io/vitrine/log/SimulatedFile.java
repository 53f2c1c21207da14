package io.vitrine.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// An open file of a [SimulatedDisk]. It knows its content, not its name, unless it was released: then it has to find
/// the content under its name again, as for its size.
final class SimulatedFile implements DiskFile {
    private final SimulatedDisk disk;
    private final Path path;
    private final SimulatedContent content;
    private @Nullable DiskFailure owedFailure;
    private boolean released;
    private boolean closed;

    SimulatedFile(SimulatedDisk disk, Path path, SimulatedContent content) {
        this.disk = disk;
        this.path = path;
        this.content = content;
    }

    SimulatedContent content() {
        return content;
    }

    boolean isReleased() {
        return released;
    }

    @Override
    public int read(ByteBuffer target, long position) throws IOException {
        synchronized (disk) {
            use();
            disk.faults().check(DiskOperation.READ);
            int limit = target.limit();
            target.limit(target.position() + disk.faults().pieceOf(target.remaining()));
            int count = content.read(target, Math.toIntExact(position));
            target.limit(limit);
            return count;
        }
    }

    @Override
    public int write(ByteBuffer source, long position) throws IOException {
        synchronized (disk) {
            use();
            if (!source.hasRemaining()) {
                return 0;
            }
            int most = roomForWrite(source.remaining(), position);
            var bytes = new byte[disk.faults().pieceOf(most)];
            source.get(bytes);
            content.write(bytes, Math.toIntExact(position));
            return bytes.length;
        }
    }

    @Override
    public void truncate(long size) throws IOException {
        synchronized (disk) {
            use();
            disk.faults().check(DiskOperation.TRUNCATE);
            content.truncate(Math.toIntExact(Math.min(size, Integer.MAX_VALUE)));
        }
    }

    @Override
    public void force() throws IOException {
        synchronized (disk) {
            use();
            disk.force(content);
        }
    }

    @Override
    public long sizeInBytes() throws IOException {
        synchronized (disk) {
            use();
            requireName();
            return content.size();
        }
    }

    @Override
    public void release() {
        synchronized (disk) {
            released = !content.hasUnforcedChanges();
        }
    }

    @Override
    public void close() {
        synchronized (disk) {
            closed = true;
            disk.forget(this);
        }
    }

    /// How much of a write succeeds. One that is to fail may take a part first and fail when it goes on.
    private int roomForWrite(int count, long position) throws IOException {
        var failure = owedFailure;
        owedFailure = null;
        if (failure == null) {
            failure = disk.faults().next(DiskOperation.WRITE);
            int part = failure == null ? 0 : disk.faults().partBeforeFailure(count);
            if (part > 0) {
                owedFailure = failure;
                return part;
            }
        }
        if (failure != null) {
            throw failure.exception();
        }
        long inside = Math.max(0, content.size() - position);
        int room = (int) Math.min(count, inside + disk.roomToGrow());
        if (room <= 0) {
            throw DiskFailure.NO_SPACE.exception();
        }
        return room;
    }

    private void use() throws IOException {
        if (closed) {
            throw new ClosedChannelException();
        }
        if (released) {
            disk.faults().check(DiskOperation.OPEN);
            requireName();
            released = false;
        }
    }

    private void requireName() throws IOException {
        if (disk.tree().find(path) != content) {
            throw new FileSystemException(path.toString(), null, "the file has lost its name");
        }
    }
}
