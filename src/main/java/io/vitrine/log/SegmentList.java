package io.vitrine.log;

import java.util.ArrayList;
import java.util.List;

/// The segments of a partition log in order of their offsets; the last one is appended to. Changed by the log's owner
/// and by its compaction, read by any thread: each list that is handed out stays as it is.
final class SegmentList {
    private volatile View view;

    /// The segments at one moment.
    ///
    /// @param withAborted those in which transactions may have been aborted. The active one is always among them.
    /// Of the others, none comes to it later
    record View(List<Segment> all, List<Segment> withAborted) {
        private static View of(List<Segment> segments) {
            var all = List.copyOf(segments);
            var active = all.getLast();
            return new View(
                    all,
                    all.stream()
                            .filter(segment ->
                                    segment == active || !segment.transactions().isNone())
                            .toList());
        }

        /// Those of them that begin at `baseOffset` or behind it.
        List<Segment> withAbortedFrom(long baseOffset) {
            int at = indexOf(withAborted, baseOffset);
            boolean isBefore = withAborted.get(at).baseOffset() < baseOffset;
            return withAborted.subList(isBefore ? at + 1 : at, withAborted.size());
        }
    }

    SegmentList(List<Segment> segments) {
        this.view = View.of(segments);
    }

    View view() {
        return view;
    }

    List<Segment> all() {
        return view.all();
    }

    Segment active() {
        return view.all().getLast();
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
        var next = new ArrayList<>(all());
        next.add(segment);
        view = View.of(next);
    }

    /// Takes away segments that follow one another, and puts others in their place, or none.
    synchronized void replace(List<Segment> old, List<Segment> replacement) {
        var next = new ArrayList<Segment>();
        var segments = all();
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
        view = View.of(next);
    }
}
