package io.vitrine.metadata;

import io.vitrine.record.BatchSlice;
import io.vitrine.record.RecordBatch;
import java.io.IOException;
import java.nio.ByteBuffer;

/// Reads batches of the metadata log for people to look at. There is no index: a read scans its segment from the
/// start, which is fine for a log that grows by a few batches a day.
final class MetadataLogReader {
    private MetadataLogReader() {}

    /// Whole batches from the one that holds `fromOffset`, or follows it, on; all of one segment. The first batch is
    /// there even if it alone is larger than `maxBytes`. Empty at the end of the log.
    static BatchSlice read(LogExtent extent, long fromOffset, int maxBytes) throws IOException {
        for (int i = indexOfSegment(extent, fromOffset); i < extent.segments().size(); i++) {
            var slice = read(extent.segments().get(i), fromOffset, maxBytes);
            if (!slice.isEmpty()) {
                return slice;
            }
        }
        long lastBase = extent.segments().isEmpty()
                ? extent.endOffset()
                : extent.segments().getLast().baseOffset();
        return new BatchSlice(
                ByteBuffer.allocate(0), lastBase, extent.segments().isEmpty() ? 0 : lastSize(extent));
    }

    private static long lastSize(LogExtent extent) {
        return extent.segments().getLast().sizeInBytes();
    }

    private static int indexOfSegment(LogExtent extent, long offset) {
        int index = extent.segments().size() - 1;
        while (index > 0 && extent.segments().get(index).baseOffset() > offset) {
            index--;
        }
        return Math.max(index, 0);
    }

    private static BatchSlice read(LogExtent.Segment segment, long fromOffset, int maxBytes) throws IOException {
        var found = ByteBuffer.allocate(0);
        long position = -1;
        try (var scanner = BatchScanner.open(segment.file(), segment.sizeInBytes())) {
            while (scanner.advance()) {
                var batch = scanner.batch();
                if (batch.nextOffset() <= fromOffset) {
                    continue;
                }
                if (position < 0) {
                    position = scanner.position();
                    found = ByteBuffer.allocate(capacity(batch, segment.sizeInBytes() - position, maxBytes));
                }
                if (batch.sizeInBytes() > found.remaining()) {
                    break;
                }
                found.put(batch.bytes());
            }
        } catch (MetadataException e) {
            throw new IOException("The metadata log was damaged while it was in use", e);
        }
        return new BatchSlice(found.flip(), segment.baseOffset(), Math.max(position, 0));
    }

    private static int capacity(RecordBatch first, long bytesLeft, int maxBytes) {
        long wanted = Math.min(bytesLeft, Math.min(maxBytes, BatchScanner.MAX_BATCH_BYTES));
        return (int) Math.max(first.sizeInBytes(), wanted);
    }
}
