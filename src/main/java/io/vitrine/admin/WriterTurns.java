package io.vitrine.admin;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Semaphore;

/// Who writes records over HTTP. A body may come through a pipe that somebody fills by hand, so a request has its turn
/// to write for one part of its body at a time, and has none while it waits for more. What all bodies hold meanwhile
/// that is not written yet is bounded, and so is their number.
final class WriterTurns {
    private static final int WRITERS = 8;
    private static final int BODIES = 64;
    private static final int UNWRITTEN_BYTES = WRITERS * PostedBody.MAX_BYTES;
    private static final Duration RECORD_TIME = Duration.ofSeconds(30);

    private final Semaphore bodies;
    private final Semaphore writers = new Semaphore(WRITERS, true);
    private final Semaphore unwrittenBytes;
    private final Duration recordTime;

    /// @param recordTime in which a record has to come to its end
    WriterTurns(int bodies, int unwrittenBytes, Duration recordTime) {
        this.bodies = new Semaphore(bodies);
        this.unwrittenBytes = new Semaphore(unwrittenBytes);
        this.recordTime = recordTime;
    }

    static WriterTurns standard() {
        return new WriterTurns(BODIES, UNWRITTEN_BYTES, RECORD_TIME);
    }

    /// Takes a body in.
    ///
    /// @throws ApiProblem if there are too many
    Taken take() {
        if (!bodies.tryAcquire()) {
            throw BusyProblem.writers();
        }
        return new Taken();
    }

    /// There is no room for more of a body.
    static final class NoRoomException extends IOException {
        private static final long serialVersionUID = 1;
    }

    /// A body does not come on.
    static final class TooSlowException extends IOException {
        private static final long serialVersionUID = 1;

        TooSlowException(String message) {
            super(message);
        }
    }

    /// A body that has been taken in. For one thread.
    final class Taken implements AutoCloseable {
        // When the record under way began to come.
        private long recordNanos;
        private boolean betweenRecords = true;
        private int held;

        /// Bytes of it have come.
        void came(int bytes) throws NoRoomException, TooSlowException {
            if (!unwrittenBytes.tryAcquire(bytes)) {
                throw new NoRoomException();
            }
            held += bytes;
            long now = System.nanoTime();
            if (betweenRecords) {
                betweenRecords = false;
                recordNanos = now;
            } else if (now - recordNanos > recordTime.toNanos()) {
                throw new TooSlowException(
                        "A record has not come to its end within %d s.".formatted(recordTime.toSeconds()));
            }
        }

        /// A whole record has come.
        void recordCame() {
            betweenRecords = true;
        }

        /// Writes what has come, when others have written.
        void write(Runnable part) {
            writers.acquireUninterruptibly();
            try {
                part.run();
            } finally {
                writers.release();
            }
            unwrittenBytes.release(held);
            held = 0;
        }

        @Override
        public void close() {
            unwrittenBytes.release(held);
            bodies.release();
        }
    }
}
