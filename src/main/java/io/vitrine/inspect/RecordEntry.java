package io.vitrine.inspect;

/// What is found while the records of a log are gone through.
public sealed interface RecordEntry permits DecodedRecord, DamagedBatch, UnreadableRange {}
