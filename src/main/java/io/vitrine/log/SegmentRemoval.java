package io.vitrine.log;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;

/// Deletes segments as Kafka does: at once they get another name, so that a start never takes them for part of the
/// log; later, when nobody reads them any more, they are deleted. Thread-safe.
final class SegmentRemoval {
    private final LogFiles files;
    private final Queue<Retired> retired = new ArrayDeque<>();

    private record Retired(Segment segment, List<Path> paths, long dueMs) {}

    SegmentRemoval(LogFiles files) {
        this.files = files;
    }

    /// Renames the files of `segments`.
    ///
    /// @param dueMs when they may be deleted
    synchronized void retire(List<Segment> segments, long dueMs) throws IOException {
        for (var segment : segments) {
            for (var suffix : LogFiles.SEGMENT_SUFFIXES) {
                if (files.exists(segment.baseOffset(), suffix)) {
                    var path = files.path(segment.baseOffset(), suffix);
                    files.disk().rename(path, deleted(path));
                }
            }
            remember(segment, dueMs);
        }
    }

    /// Takes over segments that have been replaced, and whose files have their new names already.
    ///
    /// @param dueMs when they may be deleted
    synchronized void takeOver(List<Segment> segments, long dueMs) {
        segments.forEach(segment -> remember(segment, dueMs));
    }

    /// Deletes what is due.
    synchronized void purge(long nowMs) throws IOException {
        for (var next = retired.peek(); next != null && next.dueMs() <= nowMs; next = retired.peek()) {
            next.segment().close();
            for (var path : next.paths()) {
                files.disk().delete(path);
            }
            retired.remove();
        }
    }

    /// Closes the files of what waits to be deleted.
    synchronized void close() throws IOException {
        for (var waiting : retired) {
            waiting.segment().close();
        }
    }

    /// A segment of the same base offset may still wait here, if it was compacted twice within the delay. Its files
    /// have lost their names to the newer ones, and are gone when they are closed.
    private void remember(Segment segment, long dueMs) {
        var paths = LogFiles.SEGMENT_SUFFIXES.stream()
                .map(suffix -> deleted(files.path(segment.baseOffset(), suffix)))
                .toList();
        for (var older : retired) {
            older.paths().removeAll(paths);
        }
        retired.add(new Retired(segment, new ArrayList<>(paths), dueMs));
    }

    private static Path deleted(Path path) {
        return path.resolveSibling(path.getFileName() + LogFiles.DELETED);
    }
}
