package io.vitrine.log;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/// A file of this machine, which costs a descriptor only while it is used: each channel is opened when it is first
/// needed and may be released after that.
///
/// Reading has a channel of its own, because an interrupt closes the channel that the interrupted thread reads from,
/// and must not take the writer with it. A reader whose channel was closed, by another's interrupt or a release,
/// opens the next one. A write channel that an interrupt closed is not replaced while anything is unforced: a new one
/// need not hear of writes that failed before.
final class LocalFile implements DiskFile {
    /// What one call moves at most. The JDK keeps a direct buffer for each thread, as large as the largest that was
    /// ever moved from or to the heap.
    static final int MAX_BYTES_AT_ONCE = 1024 * 1024;

    private static final int ASKED_EACH_BYTES = 256 * 1024;

    private final FileName name;
    private final Object forceLock = new Object();
    private volatile @Nullable FileChannel readChannel;
    private @Nullable FileChannel writeChannel;
    private long lastChange;
    private long lastForced;
    private boolean closed;
    private final WarmExtent warm = new WarmExtent(System::nanoTime);
    private final SendChannel sending;

    private LocalFile(Path path, @Nullable FileChannel writeChannel) throws IOException {
        var named = new FileName(path);
        this.name = named;
        this.sending = new SendChannel(() -> named.openAgain(StandardOpenOption.READ));
        this.writeChannel = writeChannel;
    }

    static LocalFile open(Path path) throws IOException {
        var channel = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            return new LocalFile(path, channel);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    static LocalFile openExisting(Path path) throws IOException {
        return new LocalFile(path, null);
    }

    @Override
    public int read(ByteBuffer target, long position) throws IOException {
        int limit = narrow(target);
        try {
            return readSome(target, position);
        } finally {
            target.limit(limit);
        }
    }

    private int readSome(ByteBuffer target, long position) throws IOException {
        while (true) {
            try {
                return channelToRead().read(target, position);
            } catch (ClosedByInterruptException e) {
                var interrupted = new InterruptedIOException(
                        "interrupted while reading " + name.path().getFileName());
                interrupted.initCause(e);
                throw interrupted;
            } catch (ClosedChannelException e) {
                requireOpen();
            }
        }
    }

    @Override
    public int write(ByteBuffer source, long position) throws IOException {
        int limit = narrow(source);
        try {
            return channelToChange().write(source, position);
        } finally {
            source.limit(limit);
        }
    }

    /// Leaves no more in the buffer than one call may move.
    ///
    /// @return the limit it had
    private static int narrow(ByteBuffer buffer) {
        int limit = buffer.limit();
        buffer.limit(buffer.position() + Math.min(buffer.remaining(), MAX_BYTES_AT_ONCE));
        return limit;
    }

    @Override
    public void truncate(long size) throws IOException {
        channelToChange().truncate(size);
    }

    @Override
    public void force() throws IOException {
        synchronized (forceLock) {
            FileChannel channel;
            long upTo;
            synchronized (this) {
                // Counts as a change, so that no release closes the channel meanwhile.
                channel = channelToChange();
                upTo = lastChange;
            }
            channel.force(false);
            synchronized (this) {
                lastForced = upTo;
            }
        }
    }

    /// Asks by name, because an interrupted thread that asked the write channel would close it.
    @Override
    public long sizeInBytes() throws IOException {
        return Files.size(name.path());
    }

    @Override
    public boolean canBePinned() {
        return true;
    }

    /// A channel of its own again: what is sent goes by its descriptor, which an interrupted reader must not close
    /// and the system then give to another file.
    @Override
    public PinnedFile pin() throws IOException {
        return sending.pin();
    }

    /// Of a file that nothing was sent from lately the answer is no, as even opening it may have to wait for the disk.
    @Override
    public boolean isInPageCache(long position, int count) throws IOException {
        return warm.holds(position, count, this::endOfWarm);
    }

    /// Maps it and asks the system for some pages, without touching one: what is read ahead and what is evicted are
    /// more than a page, and asking for each costs half of what sending it does.
    private long endOfWarm(long position, long count) throws IOException {
        var open = sending.pinIfOpen();
        if (open == null) {
            return position;
        }
        try (var pinned = open;
                var arena = Arena.ofConfined()) {
            long size = Math.min(pinned.channel().size() - position, count);
            if (size <= 0) {
                return position;
            }
            var mapped = pinned.channel().map(FileChannel.MapMode.READ_ONLY, position, size, arena);
            long at = 0;
            while (at < size && mapped.asSlice(at, 1).isLoaded()) {
                at += ASKED_EACH_BYTES;
            }
            boolean all = at >= size && mapped.asSlice(size - 1, 1).isLoaded();
            return position + (all ? size : Math.min(at, (size - 1) / ASKED_EACH_BYTES * ASKED_EACH_BYTES));
        }
    }

    @Override
    public synchronized void release() throws IOException {
        closeReadChannel();
        sending.release();
        if (lastForced == lastChange) {
            closeWriteChannel();
        }
    }

    @Override
    public synchronized void movedTo(Path moved) throws IOException {
        name.changed(moved);
        try {
            closeReadChannel();
            sending.release();
        } finally {
            closeWriteChannel();
        }
    }

    @Override
    public synchronized void close() throws IOException {
        closed = true;
        try {
            closeReadChannel();
        } finally {
            try {
                sending.close();
            } finally {
                closeWriteChannel();
            }
        }
    }

    private FileChannel channelToRead() throws IOException {
        var channel = readChannel;
        return channel != null && channel.isOpen() ? channel : openToRead();
    }

    private synchronized FileChannel openToRead() throws IOException {
        requireOpen();
        var channel = readChannel;
        if (channel == null || !channel.isOpen()) {
            channel = name.openAgain(StandardOpenOption.READ);
            readChannel = channel;
        }
        return channel;
    }

    /// The change is noted before it is made: from here on until it is forced, no release closes the channel.
    private synchronized FileChannel channelToChange() throws IOException {
        requireOpen();
        var channel = writeChannel;
        if (channel == null || (!channel.isOpen() && lastForced == lastChange)) {
            channel = name.openAgain(StandardOpenOption.WRITE);
            writeChannel = channel;
        }
        lastChange++;
        return channel;
    }

    private synchronized void requireOpen() throws ClosedChannelException {
        if (closed) {
            throw new ClosedChannelException();
        }
    }

    private void closeReadChannel() throws IOException {
        var channel = readChannel;
        readChannel = null;
        if (channel != null) {
            channel.close();
        }
    }

    private void closeWriteChannel() throws IOException {
        var channel = writeChannel;
        writeChannel = null;
        if (channel != null) {
            channel.close();
        }
    }
}
