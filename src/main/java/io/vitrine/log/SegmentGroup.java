package io.vitrine.log;

import java.util.ArrayList;
import java.util.List;

/// Neighbouring segments that are to become one. Compacted alone again and again, segments would become ever smaller.
final class SegmentGroup {
    private final LogSettings.Segments limits;
    private final List<CompactionSegment> segments = new ArrayList<>();
    private final List<Long> endOffsets = new ArrayList<>();
    private long bytes;
    private long offsetIndexBytes;
    private long timeIndexBytes;

    private SegmentGroup(LogSettings.Segments limits) {
        this.limits = limits;
    }

    /// The segments before `endOffset`, in groups that stay within the limits even if nothing is dropped.
    ///
    /// @param segments all of the log, the active one last
    static List<SegmentGroup> allOf(
            List<? extends CompactionSegment> segments, LogSettings.Segments limits, long endOffset) {
        var groups = new ArrayList<SegmentGroup>();
        for (int i = 0; i < segments.size() - 1 && segments.get(i).baseOffset() < endOffset; i++) {
            var segment = segments.get(i);
            long segmentEndOffset = segments.get(i + 1).baseOffset();
            if (groups.isEmpty() || !groups.getLast().hasRoomFor(segment, segmentEndOffset)) {
                groups.add(new SegmentGroup(limits));
            }
            groups.getLast().add(segment, segmentEndOffset);
        }
        return groups;
    }

    long baseOffset() {
        return segments.getFirst().baseOffset();
    }

    List<CompactionSegment> segments() {
        return segments;
    }

    List<Long> baseOffsets() {
        return segments.stream().map(CompactionSegment::baseOffset).toList();
    }

    /// Where the segment that follows `segment` in the log begins.
    long endOffsetOf(CompactionSegment segment) {
        return endOffsets.get(segments.indexOf(segment));
    }

    /// The last one that is not empty; the first one if all are.
    CompactionSegment lastWithBatches() {
        return segments.reversed().stream()
                .filter(segment -> segment.sizeInBytes() > 0)
                .findFirst()
                .orElse(segments.getFirst());
    }

    long largestTimestamp() {
        return segments.stream()
                .mapToLong(CompactionSegment::largestTimestamp)
                .max()
                .orElseThrow();
    }

    private void add(CompactionSegment segment, long endOffset) {
        segments.add(segment);
        endOffsets.add(endOffset);
        bytes += segment.sizeInBytes();
        offsetIndexBytes += segment.offsetIndexBytes();
        timeIndexBytes += segment.timeIndexBytes();
    }

    /// An index holds offsets as 32 bits, counted from the base offset.
    private boolean hasRoomFor(CompactionSegment segment, long endOffset) {
        return bytes + segment.sizeInBytes() <= limits.bytes()
                && offsetIndexBytes + segment.offsetIndexBytes() <= limits.indexBytes()
                && timeIndexBytes + segment.timeIndexBytes() <= limits.indexBytes()
                && (segment.sizeInBytes() == 0 || endOffset - 1 - baseOffset() <= Integer.MAX_VALUE);
    }
}
