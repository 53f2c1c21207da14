package io.vitrine.partition;

import io.vitrine.log.DamagedRange;
import io.vitrine.log.Offsets;
import io.vitrine.record.BatchSlice;

/// How a read ended.
public sealed interface ReadOutcome {

    /// Whole batches, none at the log end.
    record Batches(BatchSlice slice, Offsets offsets) implements ReadOutcome {}

    /// The log does not hold that offset.
    record OutOfRange(long requestedOffset, Offsets offsets) implements ReadOutcome {}

    /// The bytes that hold that offset can't be trusted. What lies behind them can be read.
    record Damaged(DamagedRange range) implements ReadOutcome {}

    /// The partition is offline or the disk failed.
    record StorageFailed(String reason) implements ReadOutcome {}
}
