package io.vitrine.partition;

import io.vitrine.log.DamagedRange;
import io.vitrine.log.Offsets;

/// How a read ended.
///
/// @param <T> what was read: [BatchSlice] where somebody wants to look at it, [LogSlice] where it is to be sent
public sealed interface ReadOutcome<T> {

    /// Whole batches, none at the log end.
    record Batches<T>(T slice, Offsets offsets) implements ReadOutcome<T> {}

    /// The log does not hold that offset.
    record OutOfRange<T>(long requestedOffset, Offsets offsets) implements ReadOutcome<T> {}

    /// The bytes that hold that offset can't be trusted. What lies behind them can be read.
    record Damaged<T>(DamagedRange range) implements ReadOutcome<T> {}

    /// The partition is offline or the disk failed.
    record StorageFailed<T>(String reason) implements ReadOutcome<T> {}

    /// The partition's topic was deleted.
    record Deleted<T>() implements ReadOutcome<T> {}
}
