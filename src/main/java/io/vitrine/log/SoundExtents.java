package io.vitrine.log;

import java.util.Arrays;

/// Which bytes of a segment are known to be batches that follow each other: those that this process has appended, and
/// those whose headers it has walked over since their bytes came from the disk. They can be sent without a look at
/// them; base offsets lie outside a batch's checksum, so no client would notice a wrong one. All extents begin and
/// end where batches do. Thread-safe.
final class SoundExtents {
    // One for each place that somebody reads at; of more, the smallest is forgotten and walked over again.
    private static final int MAX_EXTENTS = 32;

    /// Begin and end of each extent, ascending, none touching the next; the last one has no end. Replaced as a whole.
    private volatile int[] bounds;

    /// @param appendedFrom where this process began to append
    SoundExtents(int appendedFrom) {
        bounds = new int[] {appendedFrom, Integer.MAX_VALUE};
    }

    /// Is all of `from` to `to` sound?
    boolean holds(int from, int to) {
        var known = bounds;
        for (int i = 0; i < known.length; i += 2) {
            if (known[i] <= from && to <= known[i + 1]) {
                return true;
            }
        }
        return false;
    }

    /// Is everything sound from `position` on?
    boolean holdsFrom(int position) {
        var known = bounds;
        return position >= known[known.length - 2];
    }

    /// Notes that `from` to `to` has been walked over.
    synchronized void add(int from, int to) {
        if (from >= to || holds(from, to)) {
            return;
        }
        int begin = from;
        int end = to;
        var merged = new int[bounds.length + 2];
        int count = 0;
        for (int i = 0; i < bounds.length; i += 2) {
            if (bounds[i] <= end && bounds[i + 1] >= begin) {
                begin = Math.min(begin, bounds[i]);
                end = Math.max(end, bounds[i + 1]);
            } else {
                count = put(merged, count, bounds[i], bounds[i + 1]);
            }
        }
        count = put(merged, count, begin, end);
        var sorted = Arrays.copyOf(merged, count);
        // None overlap, so each begin still stands before its end.
        Arrays.sort(sorted);
        bounds = sorted.length > 2 * MAX_EXTENTS ? withoutSmallest(sorted) : sorted;
    }

    /// Forgets what is known of `from` to `to`: these bytes come from the disk again.
    synchronized void forget(int from, int to) {
        if (from >= to) {
            return;
        }
        var rest = new int[bounds.length + 2];
        int count = 0;
        for (int i = 0; i < bounds.length; i += 2) {
            count = put(rest, count, bounds[i], Math.min(bounds[i + 1], from));
            count = put(rest, count, Math.max(bounds[i], to), bounds[i + 1]);
        }
        bounds = Arrays.copyOf(rest, count);
    }

    private static int put(int[] target, int count, int from, int to) {
        if (from >= to) {
            return count;
        }
        target[count] = from;
        target[count + 1] = to;
        return count + 2;
    }

    private static int[] withoutSmallest(int[] sorted) {
        int smallest = 0;
        for (int i = 2; i < sorted.length - 2; i += 2) {
            if (sorted[i + 1] - sorted[i] < sorted[smallest + 1] - sorted[smallest]) {
                smallest = i;
            }
        }
        var rest = new int[sorted.length - 2];
        System.arraycopy(sorted, 0, rest, 0, smallest);
        System.arraycopy(sorted, smallest + 2, rest, smallest, rest.length - smallest);
        return rest;
    }
}
