package io.vitrine.log;

import java.io.IOException;

/// Reads of one log whose batches are sent to clients without passing through memory. Thread-safe.
public final class LogFetch {
    private final PartitionLog log;
    private final LogReader reader;

    LogFetch(PartitionLog log, LogReader reader) {
        this.log = log;
        this.reader = reader;
    }

    /// A read.
    @FunctionalInterface
    interface Read<T> {
        T run() throws IOException;
    }

    /// Whole batches of one segment, beginning with the one that holds `offset` or is the first behind it.
    ///
    /// @param maxBytes how much to return; the first batch comes whole even if it is larger
    /// @return nothing if `offset` is the log end
    /// @throws IllegalArgumentException if `offset` lies outside the log
    /// @throws DamagedRangeException if the bytes that hold `offset` can't be trusted
    public LogSlice read(long offset, int maxBytes) throws IOException {
        return within(offset, () -> reader.fetch(offset, maxBytes));
    }

    /// Would reading there have to wait for the disk? The answer itself is quick, and no more than a good guess.
    public boolean isCold(long offset, int maxBytes) {
        try {
            return within(offset, () -> reader.isCold(offset, maxBytes));
        } catch (IOException | IllegalArgumentException e) {
            // Whoever reads finds out.
            return false;
        }
    }

    /// Brings what a read there needs from the disk into the page cache.
    ///
    /// @return how many bytes
    public int load(long offset, int maxBytes) throws IOException {
        return within(offset, () -> reader.load(offset, maxBytes));
    }

    <T> T within(long offset, Read<T> read) throws IOException {
        if (offset < log.logStartOffset() || offset > log.logEndOffset()) {
            throw new IllegalArgumentException(
                    "Offset %d is outside %d..%d".formatted(offset, log.logStartOffset(), log.logEndOffset()));
        }
        var found = read.run();
        if (offset < log.logStartOffset()) {
            // It has risen meanwhile, and the read may have begun behind it.
            throw new IllegalArgumentException("Offset %d is now below %d".formatted(offset, log.logStartOffset()));
        }
        return found;
    }
}
