package io.vitrine.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/// Reads for those who want committed data only: up to where the first transaction is open, and together with the
/// transactions whose records in it were aborted, which the reader leaves out. Thread-safe.
final class CommittedReads {
    private static final LogSlice NOTHING = new LogSlice.InMemory(ByteBuffer.allocate(0));

    private final LogReader reader;
    private final SegmentList segments;

    CommittedReads(LogReader reader, SegmentList segments) {
        this.reader = reader;
        this.segments = segments;
    }

    /// Whole batches of one segment, as [LogReader#fetch] has them.
    ///
    /// @param stableOffset the first offset that is not read
    /// @throws DamagedRangeException if `offset` can't be read
    LogSlice fetch(long offset, int maxBytes, long stableOffset) throws IOException {
        return offset >= stableOffset
                ? NOTHING
                : reader.findFrom(offset, segment -> fetch(segment, offset, maxBytes, stableOffset), LogSlice::isEmpty);
    }

    private LogSlice fetch(Segment segment, long offset, int maxBytes, long stableOffset) throws IOException {
        if (segment.baseOffset() >= stableOffset) {
            return NOTHING;
        }
        var extent = stableExtent(segment, stableOffset);
        var slice = segment.fetch().read(offset, extent, maxBytes);
        return slice.isEmpty() ? slice : slice.without(aborted(segment, offset, slice, extent));
    }

    private static SegmentReader.Extent stableExtent(Segment segment, long stableOffset) throws IOException {
        var extent = segment.extent();
        return stableOffset >= extent.nextOffset()
                ? extent
                : new SegmentReader.Extent(segment.reader().positionOf(stableOffset, extent), stableOffset, false);
    }

    /// Looked for in the list that the segment is part of: if it has been removed meanwhile, so has what it knew.
    private List<AbortedTransaction> aborted(Segment segment, long offset, LogSlice slice, SegmentReader.Extent extent)
            throws IOException {
        var view = segments.view();
        if (view.all().get(SegmentList.indexOf(view.all(), segment.baseOffset())) != segment) {
            throw new IOException("Segment %d has been replaced or deleted".formatted(segment.baseOffset()));
        }
        List<AbortedTransaction> found = List.of();
        long bound = SegmentReader.UNKNOWN;
        for (var next : view.withAbortedFrom(segment.baseOffset())) {
            if (next.transactions().isNone()) {
                continue;
            }
            if (bound == SegmentReader.UNKNOWN) {
                bound = segment.fetch().boundOf(slice, extent);
                found = new ArrayList<>();
            }
            if (next.transactions().collect(offset, bound, found)) {
                break;
            }
        }
        return found;
    }

    /// The aborted transactions that may have records in these offsets.
    ///
    /// @param toOffset exclusive
    List<AbortedTransaction> abortedIn(long fromOffset, long toOffset) throws IOException {
        var view = segments.view();
        var found = new ArrayList<AbortedTransaction>();
        for (var segment : view.withAbortedFrom(holding(view, fromOffset).baseOffset())) {
            if (segment.transactions().collect(fromOffset, toOffset, found)) {
                break;
            }
        }
        return found;
    }

    /// Would a fetch there have to wait for the disk, be it for what was aborted?
    boolean isCold(long offset, int maxBytes) throws IOException {
        if (reader.isCold(offset, maxBytes)) {
            return true;
        }
        var view = segments.view();
        var first = holding(view, offset);
        long bound = first.nextOffset();
        for (var next : view.withAbortedFrom(first.baseOffset())) {
            var held = next.transactions().held();
            if (held == null && !next.transactions().isNone()) {
                return true;
            }
            if (held != null && held.lastStableOffset() >= bound) {
                return false;
            }
        }
        return false;
    }

    /// Brings what it needs into memory.
    ///
    /// @return how many bytes of batches
    int load(long offset, int maxBytes) throws IOException {
        abortedIn(offset, holding(segments.view(), offset).nextOffset());
        return reader.load(offset, maxBytes);
    }

    private static Segment holding(SegmentList.View view, long offset) {
        return view.all().get(SegmentList.indexOf(view.all(), offset));
    }
}
