package io.vitrine.log;

import java.io.IOException;
import java.nio.ByteBuffer;

/// Consecutive whole batches of a log, to be sent: where they lie in a file, or their bytes where a disk has no files
/// to send from.
public sealed interface LogSlice {
    int sizeInBytes();

    default boolean isEmpty() {
        return sizeInBytes() == 0;
    }

    /// Bytes.
    record InMemory(ByteBuffer bytes) implements LogSlice {
        @Override
        public int sizeInBytes() {
            return bytes.remaining();
        }
    }

    /// A region of a file. It costs nothing and needs not be given back: the file is held from [#pin] on.
    final class InFile implements LogSlice {
        private final SegmentFile file;
        private final int position;
        private final int sizeInBytes;

        InFile(SegmentFile file, int position, int sizeInBytes) {
            this.file = file;
            this.position = position;
            this.sizeInBytes = sizeInBytes;
        }

        @Override
        public int sizeInBytes() {
            return sizeInBytes;
        }

        /// Byte of the file at which it begins.
        public int position() {
            return position;
        }

        /// Holds the file open until the result is closed.
        ///
        /// @throws IOException if the file has been deleted or replaced meanwhile
        public PinnedFile pin() throws IOException {
            return file.pin();
        }
    }
}
