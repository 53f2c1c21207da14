package io.vitrine.log;

import java.io.IOException;

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

    /// Bytes from the batch that holds `offset` to the one that holds `endOffset`; more than anybody wants if they
    /// begin in a segment before the last one.
    public long bytesBetween(long offset, long endOffset) throws IOException {
        var active = segments.active();
        return offset < active.baseOffset()
                ? Long.MAX_VALUE
                : reader.examining(active, segment -> bytesBetween(segment, offset, endOffset));
    }

    private static long bytesBetween(Segment segment, long offset, long endOffset) throws IOException {
        var extent = segment.extent();
        long end = endOffset >= extent.nextOffset()
                ? extent.end()
                : segment.reader().positionOf(endOffset, extent);
        return Math.max(0, end - segment.reader().positionOf(offset, extent));
    }
}
