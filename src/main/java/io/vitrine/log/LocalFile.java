package io.vitrine.log;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// A file of this machine. Reading has a channel of its own, because an interrupt closes the channel that the
/// interrupted thread reads from, and must not take the writer with it; it is opened again when that happens.
final class LocalFile implements DiskFile {
    private final Path path;
    private final FileChannel writeChannel;
    private volatile FileChannel readChannel;
    private volatile boolean closed;

    private LocalFile(Path path, FileChannel writeChannel, FileChannel readChannel) {
        this.path = path;
        this.writeChannel = writeChannel;
        this.readChannel = readChannel;
    }

    static LocalFile open(Path path) throws IOException {
        var writeChannel = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            return new LocalFile(path, writeChannel, FileChannel.open(path, StandardOpenOption.READ));
        } catch (IOException e) {
            writeChannel.close();
            throw e;
        }
    }

    @Override
    public int read(ByteBuffer target, long position) throws IOException {
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

    @Override
    public int write(ByteBuffer source, long position) throws IOException {
        return writeChannel.write(source, position);
    }

    @Override
    public void truncate(long size) throws IOException {
        writeChannel.truncate(size);
    }

    @Override
    public void force() throws IOException {
        writeChannel.force(false);
    }

    @Override
    public long sizeInBytes() throws IOException {
        return writeChannel.size();
    }

    @Override
    public void close() throws IOException {
        closed = true;
        try (writeChannel) {
            readChannel.close();
        }
    }

    private synchronized void reopen() throws IOException {
        if (!readChannel.isOpen() && !closed) {
            readChannel = FileChannel.open(path, StandardOpenOption.READ);
        }
    }
}
