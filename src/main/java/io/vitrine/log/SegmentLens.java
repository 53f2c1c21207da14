package io.vitrine.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/// A segment of a partition log as people look into it.
record SegmentLens(LogFiles files, Segment segment, boolean active, List<DamagedRange> damaged)
        implements ReadableSegment {
    private static final int MAX_TRANSACTION_INDEX_BYTES = 64 * 1024 * 1024;

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
                transactions().count(),
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
        return transactions().entries().stream().skip(from).limit(limit).toList();
    }

    @Override
    public OffsetIndexEntry indexEntryFor(long offset) throws IOException {
        return segment.index().get().offsets().floor(offset);
    }

    @Override
    public void read(ByteBuffer target, long position) throws IOException {
        segment.file().read(target, position);
    }

    private TransactionIndex transactions() throws IOException {
        long baseOffset = segment.baseOffset();
        if (!files.exists(baseOffset, LogFiles.TRANSACTION_INDEX)) {
            return new TransactionIndex(baseOffset);
        }
        var path = files.path(baseOffset, LogFiles.TRANSACTION_INDEX);
        return TransactionIndex.decode(baseOffset, SmallFile.read(files.disk(), path, MAX_TRANSACTION_INDEX_BYTES))
                .orElseThrow(() -> new IOException("%s can't be read".formatted(path.getFileName())));
    }
}
