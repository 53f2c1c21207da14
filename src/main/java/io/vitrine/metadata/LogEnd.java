package io.vitrine.metadata;

/// Where the metadata log ends.
///
/// @param offset the offset the next record will have
/// @param epoch leader epoch of the last record
/// @param timestampMs when the last record was written; 0 if there is none
record LogEnd(long offset, int epoch, long timestampMs) {
    static final LogEnd EMPTY = new LogEnd(0, 0, 0);
}
