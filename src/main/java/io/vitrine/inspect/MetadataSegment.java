package io.vitrine.inspect;

import io.vitrine.log.AbortedTransaction;
import io.vitrine.log.OffsetIndexEntry;
import io.vitrine.log.ReadableSegment;
import io.vitrine.log.SegmentDetails;
import io.vitrine.log.SegmentFileInfo;
import io.vitrine.log.SegmentInfo;
import io.vitrine.log.TimeIndexEntry;
import io.vitrine.record.RecordBatch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/// A segment of the metadata log. It is read through from the start, so it needs no indexes.
record MetadataSegment(Path directory, SegmentInfo info) implements ReadableSegment {
    @Override
    public SegmentDetails details() throws IOException {
        var files = SegmentFileInfo.list(directory, info.baseOffset());
        return new SegmentDetails(info, RecordBatch.NO_TIMESTAMP, 0, 0, 0, files, List.of());
    }

    @Override
    public List<OffsetIndexEntry> offsetIndex(int from, int limit) {
        return List.of();
    }

    @Override
    public List<TimeIndexEntry> timeIndex(int from, int limit) {
        return List.of();
    }

    @Override
    public List<AbortedTransaction> transactionIndex(int from, int limit) {
        return List.of();
    }

    @Override
    public OffsetIndexEntry indexEntryFor(long offset) {
        return new OffsetIndexEntry(info.baseOffset(), 0);
    }

    @Override
    public void read(ByteBuffer target, long position) throws IOException {
        var file = directory.resolve("%020d.log".formatted(info.baseOffset()));
        try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long at = position;
            while (target.hasRemaining()) {
                int count = channel.read(target, at);
                if (count < 0) {
                    return;
                }
                at += count;
            }
        }
    }
}
