package io.vitrine.log;

import java.io.IOException;
import java.util.List;

/// Where in a log leader epochs, times and bytes lie. To be asked at once, as the log may be replaced by another.
public final class LogPositions {
    private final PartitionLog log;
    private final LeaderEpochs epochs;
    private final SegmentList segments;
    private final LogReader reader;
    private final int leaderEpoch;

    /// @param leaderEpoch the one that the log is written in now, whether it has records or not
    LogPositions(PartitionLog log, LeaderEpochs epochs, SegmentList segments, LogReader reader, int leaderEpoch) {
        this.log = log;
        this.epochs = epochs;
        this.segments = segments;
        this.reader = reader;
        this.leaderEpoch = leaderEpoch;
    }

    /// Where the records of a leader epoch end.
    public EpochEnd endOfEpoch(int epoch) {
        return epochs.endOffsetOf(epoch, leaderEpoch, log.logEndOffset());
    }

    /// The leader epoch of the record of `offset`, or of the next record if there is none; -1 if it is not known.
    public int epochOf(long offset) {
        return offset >= log.logEndOffset()
                ? leaderEpoch
                : epochs.epochOf(offset).orElse(-1);
    }

    /// Finds records by time.
    public TimestampSearch timestamps() {
        return log.timestamps();
    }

    /// The aborted transactions with records from `offset` on, for readers of committed data to leave out. There are
    /// none, as transactions are not served yet.
    public List<AbortedTransaction> abortedTransactionsFrom(long offset) {
        return List.of();
    }

    /// Bytes from the batch that holds `offset` to the end of the log; more than anybody wants if they begin in a
    /// segment before the last one.
    public long bytesFrom(long offset) throws IOException {
        var active = segments.active();
        return offset < active.baseOffset()
                ? Long.MAX_VALUE
                : reader.examining(
                        active,
                        segment ->
                                (long) segment.sizeInBytes() - segment.reader().positionOf(offset, segment.extent()));
    }
}
