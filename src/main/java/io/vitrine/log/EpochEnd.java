package io.vitrine.log;

/// Where the records of a leader epoch end.
///
/// @param epoch the greatest known epoch that is not above the one asked for; -1 if nothing is known of it
/// @param endOffset the offset behind the last record of `epoch`; -1 if nothing is known of it
public record EpochEnd(int epoch, long endOffset) {
    static final EpochEnd UNKNOWN = new EpochEnd(-1, -1);
}
