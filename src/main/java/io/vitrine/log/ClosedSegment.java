package io.vitrine.log;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;

/// A segment of a partition log as compaction sees it. What it is asked may have to be read from the disk; if that
/// fails, there is an [UncheckedIOException].
record ClosedSegment(Segment segment, LogReader reader) implements CompactionSegment {

    @Override
    public long baseOffset() {
        return segment.baseOffset();
    }

    @Override
    public int sizeInBytes() {
        return segment.sizeInBytes();
    }

    @Override
    public long firstBatchTimestamp() {
        return ask(Segment::firstTimestamp);
    }

    @Override
    public long largestTimestamp() {
        return ask(Segment::maxTimestamp);
    }

    @Override
    public int offsetIndexBytes() {
        return ask(asked -> asked.index().get().offsets().count()) * OffsetIndex.ENTRY_SIZE_IN_BYTES;
    }

    @Override
    public int timeIndexBytes() {
        return ask(asked -> asked.index().get().times().count()) * TimeIndex.ENTRY_SIZE_IN_BYTES;
    }

    @Override
    public void read(ByteBuffer target, long position) throws IOException {
        segment.file().read(target, position);
    }

    private <T> T ask(LogReader.Use<T> question) {
        try {
            return reader.examining(segment, question);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
