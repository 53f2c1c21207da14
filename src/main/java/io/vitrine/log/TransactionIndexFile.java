package io.vitrine.log;

import java.io.IOException;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The `.txnindex` file of one segment. A segment in which no transaction was aborted has none, so it can't be seen to
/// be missing, unless the other indexes are too; what can't be right or went with them is made anew from the log.
///
/// @param damaged what of the log is not to be read
/// @param endOffset what the file says of offsets from here on is of another time
record TransactionIndexFile(LogFiles files, DamagedRanges damaged, long baseOffset, long endOffset) {
    private static final Logger log = LoggerFactory.getLogger(TransactionIndexFile.class);
    private static final int MAX_FILE_BYTES = 256 * 1024 * 1024;

    /// What is known of it before it is read.
    enum Stored {
        /// No transaction was aborted in the segment.
        NONE,
        IN_FILE,
        /// The indexes of the segment are missing, so there is nothing that says whether any was.
        UNKNOWN
    }

    /// Reads the file, or the log where that is needed.
    TransactionIndex read(Stored stored) throws IOException {
        return switch (stored) {
            case NONE -> new TransactionIndex(baseOffset);
            case IN_FILE -> readFile();
            case UNKNOWN -> new TransactionRebuild(files, damaged, baseOffset).run(endOffset);
        };
    }

    private TransactionIndex readFile() throws IOException {
        var index = TransactionIndex.decode(baseOffset, SmallFile.read(files.disk(), path(), MAX_FILE_BYTES));
        if (index.isEmpty()) {
            log.warn("{}: {} can't be right", files.directory().getFileName(), path().getFileName());
            return read(Stored.UNKNOWN);
        }
        index.get().truncateTo(endOffset);
        return index.get();
    }

    /// Writes and forces the file, but for its name; an index without entries has none.
    void write(TransactionIndex index) throws IOException {
        if (index.count() == 0) {
            files.disk().delete(path());
        } else {
            SmallFile.writeForced(files.disk(), path(), index.encode());
        }
    }

    /// Writes and forces the file, with its name. Where that fails there is none: one that is there now might not be at
    /// the next start, and by then nothing would show that any was missing.
    void writeNamed(TransactionIndex index) throws IOException {
        write(index);
        try {
            files.disk().forceDirectory(files.directory());
        } catch (IOException e) {
            files.disk().delete(path());
            throw e;
        }
    }

    @Override
    public String toString() {
        return "%s/%s".formatted(files.directory().getFileName(), path().getFileName());
    }

    private Path path() {
        return files.path(baseOffset, LogFiles.TRANSACTION_INDEX);
    }
}
