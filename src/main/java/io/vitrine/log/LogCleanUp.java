package io.vitrine.log;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Brings a partition's directory in order before it is opened: what was being deleted is deleted, a compaction that
/// was being swapped in is finished, what was being written beside a file is dropped, indexes without a segment go.
final class LogCleanUp {
    private static final Logger log = LoggerFactory.getLogger(LogCleanUp.class);
    private static final String UNFINISHED = ".tmp";

    private final LogFiles files;

    LogCleanUp(LogFiles files) {
        this.files = files;
    }

    /// Returns the base offsets of the segments that are left, ascending.
    ///
    /// @param logStartOffset segments that end before it are deleted
    List<Long> run(long logStartOffset) throws IOException {
        new SegmentSwap(files.disk(), files.directory()).recover();
        var names = files.disk().list(files.directory());
        for (var name : names) {
            if (name.endsWith(UNFINISHED)) {
                files.disk().delete(files.path(name));
            }
        }
        var bases = new ArrayList<>(LogFiles.offsets(names, LogFiles.LOG));
        while (bases.size() > 1 && bases.get(1) <= logStartOffset) {
            log.info(
                    "{}: segment {} lies before the log start {}", files.directory(), bases.getFirst(), logStartOffset);
            delete(bases.removeFirst());
        }
        deleteOrphans(names, bases);
        return bases;
    }

    private void delete(long baseOffset) throws IOException {
        for (var suffix : LogFiles.SEGMENT_SUFFIXES) {
            files.disk().delete(files.path(baseOffset, suffix));
        }
    }

    private void deleteOrphans(List<String> names, List<Long> bases) throws IOException {
        var known = new HashSet<>(bases);
        for (var suffix : LogFiles.SEGMENT_SUFFIXES) {
            for (var offset : LogFiles.offsets(names, suffix)) {
                if (!known.contains(offset)) {
                    files.disk().delete(files.path(offset, suffix));
                }
            }
        }
    }
}
