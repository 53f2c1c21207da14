package io.vitrine.log;

import java.util.ArrayList;
import java.util.List;

/// The segments of a partition log in order of their offsets; the last one is appended to. Changed by the log's owner
/// and by its compaction, read by any thread: each list that is handed out stays as it is.
final class SegmentList {
    private volatile List<Segment> segments;

    SegmentList(List<Segment> segments) {
        this.segments = List.copyOf(segments);
    }

    List<Segment> all() {
        return segments;
    }

    Segment active() {
        return segments.getLast();
    }

    /// Index in `all` of the segment that holds `offset`, or would.
    static int indexOf(List<Segment> all, long offset) {
        int at = all.size() - 1;
        while (at > 0 && all.get(at).baseOffset() > offset) {
            at--;
        }
        return at;
    }

    synchronized void add(Segment segment) {
        var next = new ArrayList<>(segments);
        next.add(segment);
        segments = List.copyOf(next);
    }

    /// Takes away segments that follow one another, and puts others in their place, or none.
    synchronized void replace(List<Segment> old, List<Segment> replacement) {
        var next = new ArrayList<Segment>();
        for (var segment : segments) {
            if (!old.contains(segment)) {
                next.add(segment);
            } else if (segment == old.getFirst()) {
                next.addAll(replacement);
            }
        }
        if (next.size() != segments.size() - old.size() + replacement.size()) {
            throw new IllegalStateException("Segments to be replaced are not in the log");
        }
        segments = List.copyOf(next);
    }
}
