package io.vitrine.log;

import java.util.List;

/// A segment file `<base>.log.cleaned` and what it replaces.
///
/// @param replaced base offsets of the segments it was made from, in order; it is named after the first
/// @param sizeInBytes may be 0: nothing was kept
/// @param largestTimestamp of the segments it was made from: the age of records goes by it still
/// @param abortedTransactions what its transaction index holds
public record CleanedSegment(
        List<Long> replaced, long sizeInBytes, long largestTimestamp, List<AbortedTransaction> abortedTransactions) {

    public long baseOffset() {
        return replaced.getFirst();
    }
}
