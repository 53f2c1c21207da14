package io.vitrine.metadata;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// How far the metadata log reaches: what readers may look at, while the writer is busy behind it.
record LogExtent(List<Segment> segments, LogEnd end) {
    /// The time of a segment that holds no batch, or whose batches nobody has looked at.
    static final long NO_TIME = -1;

    LogExtent {
        segments = List.copyOf(segments);
    }

    /// @param sizeInBytes whole batches only
    /// @param firstTimestampMs of the first record in it, or [#NO_TIME]
    record Segment(long baseOffset, Path file, long sizeInBytes, long firstTimestampMs) {
        Segment grownBy(int bytes, long timestampMs) {
            long first = firstTimestampMs == NO_TIME ? timestampMs : firstTimestampMs;
            return new Segment(baseOffset, file, sizeInBytes + bytes, first);
        }
    }

    long startOffset() {
        return segments.isEmpty() ? endOffset() : segments.getFirst().baseOffset();
    }

    long endOffset() {
        return end.offset();
    }

    long sizeInBytes() {
        return segments.stream().mapToLong(Segment::sizeInBytes).sum();
    }

    /// Bytes of the segments that hold records from `offset` on; what lies before it in the first of them counts too.
    long sizeFrom(long offset) {
        long size = 0;
        for (int i = segments.size() - 1; i >= 0; i--) {
            size += segments.get(i).sizeInBytes();
            if (segments.get(i).baseOffset() <= offset) {
                break;
            }
        }
        return size;
    }

    LogExtent withSegment(Segment segment) {
        var more = new ArrayList<>(segments);
        more.add(segment);
        return new LogExtent(more, end);
    }

    LogExtent withoutFirst() {
        return new LogExtent(segments.subList(1, segments.size()), end);
    }

    LogExtent grownBy(int bytes, LogEnd newEnd) {
        var grown = new ArrayList<>(segments);
        grown.add(grown.removeLast().grownBy(bytes, newEnd.timestampMs()));
        return new LogExtent(grown, newEnd);
    }
}
