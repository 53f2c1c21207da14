package io.vitrine.log;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/// A segment file that compaction writes from its first byte on, in large pieces.
final class CleanedFile implements Closeable {
    private final SegmentFile file;
    private final ByteBuffer buffer;
    private final Throttle throttle;
    private long written;

    /// @param file is emptied: an earlier compaction may have left something in it
    /// @param buffer is used until the file is closed
    CleanedFile(SegmentFile file, ByteBuffer buffer, Throttle throttle) throws IOException {
        this.file = file;
        this.buffer = buffer.clear();
        this.throttle = throttle;
        file.truncate(0);
    }

    void append(ByteBuffer bytes) throws IOException {
        // Kafka's indexes hold positions as 32 bits.
        if (sizeInBytes() + bytes.remaining() > Integer.MAX_VALUE) {
            throw new IOException(
                    "%s would have more than 2 GiB".formatted(file.path().getFileName()));
        }
        if (bytes.remaining() > buffer.remaining()) {
            drain();
        }
        if (bytes.remaining() > buffer.remaining()) {
            write(bytes);
        } else {
            buffer.put(bytes);
        }
    }

    long sizeInBytes() {
        return written + buffer.position();
    }

    /// Forces all to disk.
    void force() throws IOException {
        drain();
        file.force();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }

    private void drain() throws IOException {
        write(buffer.flip());
        buffer.clear();
    }

    private void write(ByteBuffer bytes) throws IOException {
        int count = bytes.remaining();
        throttle.acquire(count);
        file.write(bytes, written);
        written += count;
    }
}
