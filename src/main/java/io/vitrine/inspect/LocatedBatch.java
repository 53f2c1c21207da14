package io.vitrine.inspect;

import io.vitrine.record.RecordBatch;

/// A batch, and where on disk it was found.
///
/// @param position byte in the segment file at which it begins
public record LocatedBatch(RecordBatch batch, long segmentBaseOffset, long position) {}
