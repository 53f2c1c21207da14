package io.vitrine.log;

/// An entry of a segment's time index.
///
/// @param timestamp the greatest timestamp up to here, in milliseconds
/// @param offset the last offset of the batch that has it
public record TimeIndexEntry(long timestamp, long offset) {}
