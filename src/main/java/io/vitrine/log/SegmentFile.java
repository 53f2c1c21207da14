package io.vitrine.log;

import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// The bytes of one segment file. Reading has a channel of its own, because an interrupt closes the channel that the
/// interrupted thread reads from, and must not take the writer with it; it is opened again when that happens.
///
/// One thread writes at a time, any number read.
final class SegmentFile implements Closeable {
    private final Path path;
    private final FileChannel writeChannel;
    private volatile FileChannel readChannel;
    private volatile boolean closed;

    private SegmentFile(Path path, FileChannel writeChannel, FileChannel readChannel) {
        this.path = path;
        this.writeChannel = writeChannel;
        this.readChannel = readChannel;
    }

    /// Opens the file, creating it where it does not exist.
    static SegmentFile open(Path path) throws IOException {
        var writeChannel = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            return new SegmentFile(path, writeChannel, FileChannel.open(path, StandardOpenOption.READ));
        } catch (IOException e) {
            writeChannel.close();
            throw e;
        }
    }

    Path path() {
        return path;
    }

    long sizeInBytes() throws IOException {
        return writeChannel.size();
    }

    void write(ByteBuffer bytes, long position) throws IOException {
        long at = position;
        while (bytes.hasRemaining()) {
            at += writeChannel.write(bytes, at);
        }
    }

    void truncate(long size) throws IOException {
        writeChannel.truncate(size);
    }

    /// Forces content and length to disk.
    void force() throws IOException {
        writeChannel.force(false);
    }

    /// Fills `target` from `position` on, as far as the file goes.
    void read(ByteBuffer target, long position) throws IOException {
        long at = position;
        while (target.hasRemaining()) {
            int count = readSome(target, at);
            if (count < 0) {
                return;
            }
            at += count;
        }
    }

    @Override
    public void close() throws IOException {
        closed = true;
        try (writeChannel) {
            readChannel.close();
        }
    }

    private int readSome(ByteBuffer target, long position) throws IOException {
        var channel = readChannel;
        try {
            return channel.read(target, position);
        } catch (ClosedByInterruptException e) {
            reopen();
            var interrupted = new InterruptedIOException("interrupted while reading " + path.getFileName());
            interrupted.initCause(e);
            throw interrupted;
        } catch (ClosedChannelException e) {
            if (closed) {
                throw e;
            }
            reopen();
            return readChannel.read(target, position);
        }
    }

    private synchronized void reopen() throws IOException {
        if (!readChannel.isOpen() && !closed) {
            readChannel = FileChannel.open(path, StandardOpenOption.READ);
        }
    }
}
