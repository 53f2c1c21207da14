package io.vitrine.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/// One segment of a log, to be looked into: its files, what its indexes say, its bytes. Safe for any thread, beside
/// appends; what is asked of a segment that retention takes away in the meantime fails with an `IOException`.
public interface ReadableSegment {

    SegmentInfo info();

    SegmentDetails details() throws IOException;

    /// At most `limit` entries of the offset index, beginning with the one of index `from`.
    List<OffsetIndexEntry> offsetIndex(int from, int limit) throws IOException;

    /// The same of the time index.
    List<TimeIndexEntry> timeIndex(int from, int limit) throws IOException;

    /// The same of the transaction index.
    List<AbortedTransaction> transactionIndex(int from, int limit) throws IOException;

    /// The index entry from which a search for `offset` walks on; the base offset at position 0 where the index has
    /// none, because the search begins with the segment then.
    OffsetIndexEntry indexEntryFor(long offset) throws IOException;

    /// Fills `target` with the bytes of the `.log` file from `position` on, as far as the file goes.
    void read(ByteBuffer target, long position) throws IOException;
}
