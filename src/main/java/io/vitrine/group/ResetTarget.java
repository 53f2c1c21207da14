package io.vitrine.group;

/// Where a committed offset is to be moved.
public sealed interface ResetTarget {
    /// Where the log begins.
    record Earliest() implements ResetTarget {}

    /// Where the log ends.
    record Latest() implements ResetTarget {}

    record Offset(long offset) implements ResetTarget {}

    /// The first record of this time or later; the end if there is none.
    record Time(long timestamp) implements ResetTarget {}

    /// This far from what is committed.
    record Shift(long by) implements ResetTarget {}
}
