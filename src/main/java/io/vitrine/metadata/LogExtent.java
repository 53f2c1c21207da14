package io.vitrine.metadata;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// How far the metadata log reaches: what readers may look at, while the writer is busy behind it.
///
/// @param endOffset the offset the next record will have
record LogExtent(List<Segment> segments, long endOffset) {
    LogExtent {
        segments = List.copyOf(segments);
    }

    /// @param sizeInBytes whole batches only
    record Segment(long baseOffset, Path file, long sizeInBytes) {}

    long startOffset() {
        return segments.isEmpty() ? endOffset : segments.getFirst().baseOffset();
    }

    long sizeInBytes() {
        return segments.stream().mapToLong(Segment::sizeInBytes).sum();
    }

    LogExtent withSegment(Segment segment) {
        var more = new ArrayList<>(segments);
        more.add(segment);
        return new LogExtent(more, endOffset);
    }

    LogExtent grownBy(int bytes, int records) {
        var grown = new ArrayList<>(segments);
        var last = grown.removeLast();
        grown.add(new Segment(last.baseOffset(), last.file(), last.sizeInBytes() + bytes));
        return new LogExtent(grown, endOffset + records);
    }
}
