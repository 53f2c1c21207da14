package io.vitrine.log;

import java.io.IOException;
import java.util.HashSet;
import java.util.List;

/// Brings a partition's directory in order before it is opened: what was being deleted is deleted, a compaction that
/// was being swapped in is finished, what was being written beside a file is dropped, indexes without a segment go.
final class LogCleanUp {
    private static final String UNFINISHED = ".tmp";

    private final LogFiles files;

    LogCleanUp(LogFiles files) {
        this.files = files;
    }

    /// Returns what there is then. Segments before the log start are left to retention: nothing is deleted right after
    /// a start.
    LogContents run() throws IOException {
        new SegmentSwap(files.disk(), files.directory()).recover();
        var names = files.disk().list(files.directory());
        for (var name : names) {
            if (name.endsWith(UNFINISHED)) {
                files.disk().delete(files.path(name));
            }
        }
        var bases = LogFiles.offsets(names, LogFiles.LOG);
        deleteOrphans(names, bases);
        return LogContents.of(names);
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
