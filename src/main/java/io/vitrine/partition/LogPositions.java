package io.vitrine.partition;

import io.vitrine.log.EpochEnd;
import io.vitrine.log.PartitionLog;
import io.vitrine.log.TimestampSearch;

/// Where in a partition's log leader epochs and times lie. To be asked at once, as the log may be replaced.
public final class LogPositions {
    private final PartitionLog log;
    private final int leaderEpoch;

    LogPositions(PartitionLog log, int leaderEpoch) {
        this.log = log;
        this.leaderEpoch = leaderEpoch;
    }

    /// Where the records of a leader epoch end.
    public EpochEnd endOfEpoch(int epoch) {
        return log.epochs().endOffsetOf(epoch, leaderEpoch, log.logEndOffset());
    }

    /// The leader epoch of the record of `offset`, or of the next record if there is none; -1 if it is not known.
    public int epochOf(long offset) {
        return offset >= log.logEndOffset()
                ? leaderEpoch
                : log.epochs().epochOf(offset).orElse(-1);
    }

    /// Finds records by time.
    public TimestampSearch timestamps() {
        return log.timestamps();
    }
}
