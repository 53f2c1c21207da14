package io.vitrine.admin;

/// What is wrong with a record that somebody wants to have written.
///
/// @param record 0-based place of the record in the request
/// @param field of the record; empty if it is the whole of it
record RecordViolation(int record, String field, String message) {}
