package io.vitrine.log;

import java.io.IOException;
import java.util.function.LongSupplier;

/// The part of one file that was found in the page cache last. Asking the system takes a mapping and some calls, so
/// whoever reads on where somebody has read asks for more than he needs, and the answer holds for a moment.
/// Thread-safe.
final class WarmExtent {
    private static final long AHEAD_BYTES = 8 * 1024 * 1024;
    private static final long GOOD_FOR_NANOS = 200_000_000;

    private final LongSupplier nanoTime;
    private volatile Extent last;

    private record Extent(long from, long to, long atNanos) {}

    /// Asks the system.
    @FunctionalInterface
    interface Look {
        /// Where the first byte lies that is not in the page cache, from `position` on; `position + count` or the end
        /// of the file if all are.
        long endOfWarm(long position, long count) throws IOException;
    }

    WarmExtent(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.last = new Extent(0, 0, nanoTime.getAsLong());
    }

    /// Are these bytes in the page cache?
    boolean holds(long position, long count, Look look) throws IOException {
        long now = nanoTime.getAsLong();
        var known = last;
        boolean goesOn = position >= known.from && position <= known.to;
        if (goesOn && position + count <= known.to && now - known.atNanos < GOOD_FOR_NANOS) {
            return true;
        }
        long end = look.endOfWarm(position, goesOn ? Math.max(count, AHEAD_BYTES) : count);
        last = new Extent(position, end, now);
        return position + count <= end;
    }
}
