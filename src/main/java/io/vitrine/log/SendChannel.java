package io.vitrine.log;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import org.jspecify.annotations.Nullable;

/// The channel of a file that answers are sent from: opened when one is, and held by all of them together. It has a
/// lock of its own, so that who sends never waits for a reader that opens the file on a disk that hangs. Thread-safe.
final class SendChannel {
    private final Opener opener;
    private @Nullable SharedChannel current;
    private boolean closed;

    /// Opens the file.
    @FunctionalInterface
    interface Opener {
        FileChannel open() throws IOException;
    }

    SendChannel(Opener opener) {
        this.opener = opener;
    }

    /// Holds it open until the result is closed.
    synchronized PinnedFile pin() throws IOException {
        if (closed) {
            throw new ClosedChannelException();
        }
        if (current == null) {
            current = new SharedChannel(opener.open());
        }
        return pin(current);
    }

    /// The same, if it need not be opened for that; else null.
    synchronized @Nullable PinnedFile pinIfOpen() {
        return current == null ? null : pin(current);
    }

    private PinnedFile pin(SharedChannel shared) {
        return new PinnedFile(shared.pin(), () -> unpin(shared));
    }

    private synchronized void unpin(SharedChannel shared) throws IOException {
        shared.unpin();
    }

    /// Closes it when nobody holds it any more; whoever wants it after that has it opened again.
    synchronized void release() throws IOException {
        var shared = current;
        current = null;
        if (shared != null) {
            shared.abandon();
        }
    }

    /// The same, for ever.
    synchronized void close() throws IOException {
        closed = true;
        release();
    }
}
