package io.vitrine.log;

import java.util.Arrays;

/// Where to start reading a segment for an offset: about one entry for each interval of log bytes, in memory only,
/// made anew when the segment is opened. Thread-safe: readers look things up while the owner appends.
/// ```
///   .log   | batch 40..43 | batch 44..44 | batch 45..71 | …
///   index  | (40 → 0)     |              | (45 → 180)   |
/// ```
final class SparseIndex {
    private static final int INITIAL_CAPACITY = 16;

    private final int intervalBytes;
    private long[] offsets = new long[INITIAL_CAPACITY];
    private int[] positions = new int[INITIAL_CAPACITY];
    private int count;

    SparseIndex(int intervalBytes) {
        this.intervalBytes = intervalBytes;
    }

    /// Notes the batch that begins at `position`, unless the last entry is nearer than the interval. To be called for
    /// each batch, in order.
    synchronized void add(long baseOffset, int position) {
        if (count > 0 && position - positions[count - 1] < intervalBytes) {
            return;
        }
        if (count == offsets.length) {
            offsets = Arrays.copyOf(offsets, count * 2);
            positions = Arrays.copyOf(positions, count * 2);
        }
        offsets[count] = baseOffset;
        positions[count] = position;
        count++;
    }

    /// Position of a batch whose base offset is not above `offset`; 0 where there is none.
    synchronized int positionFor(long offset) {
        int found = Arrays.binarySearch(offsets, 0, count, offset);
        int at = found >= 0 ? found : -found - 2;
        return at < 0 ? 0 : positions[at];
    }
}
