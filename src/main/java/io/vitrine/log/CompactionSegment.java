package io.vitrine.log;

import java.io.IOException;
import java.nio.ByteBuffer;

/// A segment as compaction sees it.
interface CompactionSegment {
    long baseOffset();

    int sizeInBytes();

    /// The greatest timestamp of its first batch, or [io.vitrine.record.RecordBatch#NO_TIMESTAMP].
    long firstBatchTimestamp();

    /// The greatest timestamp of all its batches.
    long largestTimestamp();

    /// Bytes of its offset index.
    int offsetIndexBytes();

    /// Bytes of its time index.
    int timeIndexBytes();

    /// Fills `target` from `position` of the log file on, as far as the file goes.
    void read(ByteBuffer target, long position) throws IOException;
}
