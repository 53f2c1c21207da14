package io.vitrine.inspect;

/// What is found while the records of a log are gone through.
public sealed interface RecordEntry permits DecodedRecord, DamagedBatch, UnreadableRange, DeletedRange {
    /// The offset at which to go on behind it.
    long nextOffset();
}
