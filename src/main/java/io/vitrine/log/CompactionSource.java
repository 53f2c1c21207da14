package io.vitrine.log;

import java.io.IOException;
import java.util.List;
import java.util.Map;

/// The log that is compacted. [Compaction] asks, the log answers; what it hands out stays as it is until the
/// compaction is over, while appends go on at the end.
interface CompactionSource {

    /// All segments in order of their offsets; the last is the active one.
    List<? extends CompactionSegment> segments();

    /// The aborted transactions that have a record or their marker in these offsets, however often each is named.
    ///
    /// @param toOffset exclusive
    List<AbortedTransaction> abortedTransactions(long fromOffset, long toOffset) throws IOException;

    /// The last record of every producer that is known, by its id.
    Map<Long, LastRecord> lastRecords();

    /// Opens the file `<base>.log.cleaned`, making it where there is none.
    SegmentFile openCleaned(long baseOffset) throws IOException;

    /// Takes back what [#openCleaned] made, after a failure.
    void discardCleaned(long baseOffset) throws IOException;

    /// Puts a cleaned segment, which is closed and forced to disk, in the place of those it was made from. When this
    /// returns, a loss of power brings the old ones back no more.
    void swapIn(CleanedSegment cleaned) throws IOException;

    /// What a producer wrote last: the batch that holds it tells the sequence and the epoch.
    ///
    /// @param lastDataOffset [#NO_DATA] if all that is known of the producer is a transaction marker
    record LastRecord(long lastDataOffset, short producerEpoch) {
        static final long NO_DATA = -1;
    }
}
