package io.vitrine.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/// A segment of a partition log as people look into it.
record SegmentLens(LogFiles files, Segment segment, boolean active, List<DamagedRange> damaged)
        implements ReadableSegment {
    @Override
    public SegmentInfo info() {
        return segment.info(active);
    }

    @Override
    public SegmentDetails details() throws IOException {
        var indexes = segment.index().get();
        return new SegmentDetails(
                info(),
                indexes.maxTimestamp(),
                indexes.offsets().count(),
                indexes.times().count(),
                segment.transactions().entries().size(),
                SegmentFileInfo.list(files.directory(), segment.baseOffset()),
                damaged);
    }

    @Override
    public List<OffsetIndexEntry> offsetIndex(int from, int limit) throws IOException {
        return segment.index().get().offsets().entries(from, limit);
    }

    @Override
    public List<TimeIndexEntry> timeIndex(int from, int limit) throws IOException {
        return segment.index().get().times().entries(from, limit);
    }

    @Override
    public List<AbortedTransaction> transactionIndex(int from, int limit) throws IOException {
        return segment.transactions().entries().stream().skip(from).limit(limit).toList();
    }

    @Override
    public OffsetIndexEntry indexEntryFor(long offset) throws IOException {
        return segment.index().get().offsets().floor(offset);
    }

    @Override
    public void read(ByteBuffer target, long position) throws IOException {
        segment.file().read(target, position);
    }
}
