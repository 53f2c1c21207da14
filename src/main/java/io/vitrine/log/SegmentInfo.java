package io.vitrine.log;

/// What people may want to know of one segment.
///
/// @param nextOffset the offset behind its last record
/// @param active is it the one being appended to?
public record SegmentInfo(long baseOffset, long nextOffset, long sizeInBytes, boolean active) {}
