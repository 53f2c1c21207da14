package io.vitrine.log;

import io.vitrine.log.TransactionIndexFile.Stored;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Which files of segments a log's directory has, by their base offsets.
///
/// @param segments ascending
/// @param offsetIndexes segments with an `.index`
/// @param transactionIndexes segments with a `.txnindex`
record LogContents(List<Long> segments, Set<Long> offsetIndexes, Set<Long> transactionIndexes) {

    static LogContents of(LogFiles files) throws IOException {
        return of(files.disk().list(files.directory()));
    }

    /// @param names of all files
    static LogContents of(List<String> names) {
        return new LogContents(
                LogFiles.offsets(names, LogFiles.LOG),
                new HashSet<>(LogFiles.offsets(names, LogFiles.OFFSET_INDEX)),
                new HashSet<>(LogFiles.offsets(names, LogFiles.TRANSACTION_INDEX)));
    }

    /// Where the segment ends that begins at `baseOffset`: where the next one begins, or the greatest offset.
    long endOf(long baseOffset) {
        int next = segments.indexOf(baseOffset) + 1;
        return next < segments.size() ? segments.get(next) : Long.MAX_VALUE;
    }

    /// What is known of the aborted transactions of a segment that is not read.
    Stored transactionsOf(long baseOffset) {
        if (transactionIndexes.contains(baseOffset)) {
            return Stored.IN_FILE;
        }
        return offsetIndexes.contains(baseOffset) ? Stored.NONE : Stored.UNKNOWN;
    }
}
