package io.vitrine.log;

import java.io.IOException;
import java.util.List;

/// Reads of one log whose batches are sent to clients without passing through memory. Thread-safe.
public final class LogFetch {
    private final PartitionLog log;
    private final LogReader reader;
    private final CommittedReads committed;

    LogFetch(PartitionLog log, LogReader reader, CommittedReads committed) {
        this.log = log;
        this.reader = reader;
        this.committed = committed;
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

    /// The same up to where the first transaction is open, with the aborted transactions in it.
    public LogSlice readCommitted(long offset, int maxBytes) throws IOException {
        return within(
                offset, () -> committed.fetch(offset, maxBytes, log.offsets().lastStableOffset()));
    }

    /// The aborted transactions that may have records in these offsets.
    ///
    /// @param toOffset exclusive
    public List<AbortedTransaction> abortedIn(long fromOffset, long toOffset) throws IOException {
        return committed.abortedIn(fromOffset, toOffset);
    }

    /// Would reading there have to wait for the disk? The answer itself is quick, and no more than a good guess.
    ///
    /// @param onlyCommitted would it be [#readCommitted]?
    public boolean isCold(long offset, int maxBytes, boolean onlyCommitted) {
        try {
            return within(
                    offset, () -> onlyCommitted ? committed.isCold(offset, maxBytes) : reader.isCold(offset, maxBytes));
        } catch (IOException | IllegalArgumentException e) {
            // Whoever reads finds out.
            return false;
        }
    }

    /// Brings what a read there needs from the disk into the page cache.
    ///
    /// @return how many bytes
    public int load(long offset, int maxBytes, boolean onlyCommitted) throws IOException {
        return within(offset, () -> onlyCommitted ? committed.load(offset, maxBytes) : reader.load(offset, maxBytes));
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
