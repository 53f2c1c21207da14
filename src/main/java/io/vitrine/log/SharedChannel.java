package io.vitrine.log;

import java.io.IOException;
import java.nio.channels.FileChannel;

/// A channel that several answers are sent from, closed when nobody needs it any more. Guarded by its [SendChannel].
final class SharedChannel {
    private final FileChannel channel;
    private int pins;
    private boolean abandoned;

    SharedChannel(FileChannel channel) {
        this.channel = channel;
    }

    FileChannel pin() {
        pins++;
        return channel;
    }

    void unpin() throws IOException {
        pins--;
        closeIfUnused();
    }

    /// Closes it as soon as nothing is sent from it.
    void abandon() throws IOException {
        abandoned = true;
        closeIfUnused();
    }

    int pins() {
        return pins;
    }

    private void closeIfUnused() throws IOException {
        if (abandoned && pins == 0) {
            channel.close();
        }
    }
}
