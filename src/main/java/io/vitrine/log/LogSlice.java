package io.vitrine.log;

import io.vitrine.record.RecordBatch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/// Consecutive whole batches of a log, to be sent: where they lie in a file, or their bytes where a disk has no files
/// to send from.
public sealed interface LogSlice {
    int sizeInBytes();

    default boolean isEmpty() {
        return sizeInBytes() == 0;
    }

    /// As many batches from the beginning as these bytes hold.
    LogSlice first(int bytes);

    /// Aborted transactions that may have records in it, which a reader of committed data leaves out. None where all
    /// data was asked for.
    List<AbortedTransaction> aborted();

    /// The same batches, some of whose records were aborted.
    LogSlice without(List<AbortedTransaction> aborted);

    /// Looks at its batches. Of a file no more than headers are read.
    SliceWalk walk();

    /// Bytes.
    record InMemory(ByteBuffer bytes, List<AbortedTransaction> aborted) implements LogSlice {
        public InMemory(ByteBuffer bytes) {
            this(bytes, List.of());
        }

        @Override
        public int sizeInBytes() {
            return bytes.remaining();
        }

        @Override
        public LogSlice first(int count) {
            return new InMemory(bytes.slice(bytes.position(), count), aborted);
        }

        @Override
        public LogSlice without(List<AbortedTransaction> transactions) {
            return new InMemory(bytes, transactions);
        }

        @Override
        public SliceWalk walk() {
            var all = bytes.slice();
            return new SliceWalk(position -> RecordBatch.at(all, position), sizeInBytes());
        }
    }

    /// A region of a file. It costs nothing and needs not be given back: the file is held from [#pin] on.
    final class InFile implements LogSlice {
        private static final int HEADERS_AT_ONCE_BYTES = 4 * 1024;

        private final SegmentFile file;
        private final int position;
        private final int sizeInBytes;
        private final List<AbortedTransaction> aborted;

        InFile(SegmentFile file, int position, int sizeInBytes) {
            this(file, position, sizeInBytes, List.of());
        }

        private InFile(SegmentFile file, int position, int sizeInBytes, List<AbortedTransaction> aborted) {
            this.file = file;
            this.position = position;
            this.sizeInBytes = sizeInBytes;
            this.aborted = aborted;
        }

        @Override
        public int sizeInBytes() {
            return sizeInBytes;
        }

        @Override
        public LogSlice first(int bytes) {
            return new InFile(file, position, Math.min(bytes, sizeInBytes), aborted);
        }

        @Override
        public List<AbortedTransaction> aborted() {
            return aborted;
        }

        @Override
        public LogSlice without(List<AbortedTransaction> transactions) {
            return transactions.isEmpty() ? this : new InFile(file, position, sizeInBytes, transactions);
        }

        @Override
        public SliceWalk walk() {
            var window = new SegmentWindow(file, (long) position + sizeInBytes, HEADERS_AT_ONCE_BYTES);
            return new SliceWalk(at -> window.batchAt((long) position + at), sizeInBytes);
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
