package io.vitrine.log;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/// The bytes of one segment file: whole reads and whole writes over what the disk does in pieces.
/// One thread writes at a time, any number read.
final class SegmentFile implements Closeable {
    private final Path path;
    private final DiskFile file;

    private SegmentFile(Path path, DiskFile file) {
        this.path = path;
        this.file = file;
    }

    /// Opens the file, creating it where it does not exist.
    static SegmentFile open(Disk disk, Path path) throws IOException {
        return new SegmentFile(path, disk.open(path));
    }

    /// Opens a file that is there.
    static SegmentFile openExisting(Disk disk, Path path) throws IOException {
        return new SegmentFile(path, disk.openExisting(path));
    }

    Path path() {
        return path;
    }

    long sizeInBytes() throws IOException {
        return file.sizeInBytes();
    }

    /// Writes all of `bytes` from `position` on. If that fails, some of it may be in the file.
    void write(ByteBuffer bytes, long position) throws IOException {
        long at = position;
        while (bytes.hasRemaining()) {
            at += file.write(bytes, at);
        }
    }

    /// The same, but if that fails nothing of it stays.
    ///
    /// @throws LogBrokenException if the write failed and could not be taken back
    void append(ByteBuffer bytes, int position) throws IOException {
        try {
            write(bytes, position);
        } catch (IOException e) {
            takeBack(position, e);
            throw e;
        }
    }

    private void takeBack(int position, IOException cause) throws LogBrokenException {
        try {
            file.truncate(position);
        } catch (IOException e) {
            e.addSuppressed(cause);
            throw new LogBrokenException("A half-written batch could not be cut off", e);
        }
    }

    void truncate(long size) throws IOException {
        file.truncate(size);
    }

    /// Forces content and length to disk.
    void force() throws IOException {
        file.force();
    }

    /// Closes what can be opened again when it is needed. Nothing unforced may be in it.
    void release() throws IOException {
        file.release();
    }

    boolean canBePinned() {
        return file.canBePinned();
    }

    /// Holds the file open until the result is closed.
    PinnedFile pin() throws IOException {
        return file.pin();
    }

    /// Would reading there wait for no disk?
    boolean isInPageCache(long position, int count) throws IOException {
        return file.isInPageCache(position, count);
    }

    /// Fills `target` from `position` on, as far as the file goes.
    void read(ByteBuffer target, long position) throws IOException {
        long at = position;
        while (target.hasRemaining()) {
            int count = file.read(target, at);
            if (count < 0) {
                return;
            }
            at += count;
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
