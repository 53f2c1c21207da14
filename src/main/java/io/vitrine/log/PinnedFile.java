package io.vitrine.log;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.concurrent.atomic.AtomicBoolean;

/// A file that stays open until this is closed, whatever becomes of it meanwhile: it may be released, replaced or
/// deleted. Only for threads that nobody interrupts, because an interrupt would close the channel for all who send
/// from it.
public final class PinnedFile implements Closeable {
    private final FileChannel channel;
    private final Unpin unpin;
    private final AtomicBoolean closed = new AtomicBoolean();

    /// Gives the channel back.
    @FunctionalInterface
    interface Unpin {
        void run() throws IOException;
    }

    PinnedFile(FileChannel channel, Unpin unpin) {
        this.channel = channel;
        this.unpin = unpin;
    }

    /// Must not be closed.
    public FileChannel channel() {
        return channel;
    }

    /// Lets go of the file. Does nothing the second time.
    @Override
    public void close() throws IOException {
        if (closed.compareAndSet(false, true)) {
            unpin.run();
        }
    }
}
