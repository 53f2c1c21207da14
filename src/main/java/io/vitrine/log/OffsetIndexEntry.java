package io.vitrine.log;

/// An entry of a segment's offset index.
///
/// @param offset the last offset of the batch that begins at `position`
public record OffsetIndexEntry(long offset, int position) {}
