package io.vitrine.protocol;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/// Records in a file that is held open until this is closed. Closing it again does nothing.
public interface OpenRecords extends Closeable {

    /// The file, for the system to send from; must not be closed.
    FileChannel channel();

    /// Byte of the file at which the records begin.
    long position();

    int sizeInBytes();

    /// Puts the records into `target`.
    ///
    /// @throws IOException if the disk fails or the file has become shorter
    default void read(ByteBuffer target) throws IOException {
        int limit = target.limit();
        target.limit(target.position() + sizeInBytes());
        long at = position();
        while (target.hasRemaining()) {
            int count = channel().read(target, at);
            if (count < 0) {
                throw new IOException("the file ends at byte %d, %d bytes before the end of the records"
                        .formatted(at, target.remaining()));
            }
            at += count;
        }
        target.limit(limit);
    }
}
