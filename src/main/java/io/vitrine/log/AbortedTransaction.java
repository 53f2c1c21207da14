package io.vitrine.log;

/// A transaction that was aborted: its records between the two offsets are not for readers of committed data.
///
/// @param lastOffset that of the marker which ended it
/// @param lastStableOffset the log's, when it was ended
public record AbortedTransaction(long producerId, long firstOffset, long lastOffset, long lastStableOffset) {}
