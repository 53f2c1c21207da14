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
        int low = 0;
        int high = all.size() - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (all.get(middle).baseOffset() <= offset) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }

    /// Those that are not finished: the last ones, because segments are finished in order.
    static List<Segment> unfinished(List<Segment> all) {
        int from = all.size();
        while (from > 0 && !all.get(from - 1).isFinished()) {
            from--;
        }
        return all.subList(from, all.size());
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
