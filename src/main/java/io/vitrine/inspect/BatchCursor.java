package io.vitrine.inspect;

import io.vitrine.partition.ReadOutcome;
import io.vitrine.record.BatchSlice;
import io.vitrine.record.RecordBatch;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.Iterator;
import java.util.Optional;

/// Goes through the batches of a log in order, reading it in chunks: small ones first, because most people look at a
/// few batches, larger ones for those who go on. A batch stays valid while the cursor moves; a chunk is at most 1 MiB
/// or one batch, so that is all the memory a page of any length takes.
public final class BatchCursor {
    private static final int FIRST_CHUNK_BYTES = 64 * 1024;
    private static final int MAX_CHUNK_BYTES = 1024 * 1024;

    private final ReadableLog log;
    private int chunkBytes = FIRST_CHUNK_BYTES;
    private long nextOffset;
    private BatchSlice slice = new BatchSlice(ByteBuffer.allocate(0), 0, 0);
    private Iterator<RecordBatch> batches = Collections.emptyIterator();

    /// @param from the first batch is the one that holds this offset, or the first behind it
    public BatchCursor(ReadableLog log, long from) {
        this.log = log;
        this.nextOffset = from;
    }

    /// The next batch; empty at the end of the log.
    ///
    /// @throws DamagedRangeMetException if what comes next can't be trusted; asking again goes on behind it
    /// @throws UnreadableLogException if there is more, but the log can't give it
    public Optional<LocatedBatch> next() throws UnreadableLogException {
        if (!batches.hasNext()) {
            load();
            if (!batches.hasNext()) {
                return Optional.empty();
            }
        }
        var batch = batches.next();
        requireProgress(batch);
        nextOffset = batch.nextOffset();
        return Optional.of(new LocatedBatch(batch, slice.segmentBaseOffset(), slice.positionOf(batch)));
    }

    private void load() throws UnreadableLogException {
        slice = switch (log.read(nextOffset, chunkBytes)) {
            case ReadOutcome.Batches<BatchSlice>(var found, var _) -> found;
            case ReadOutcome.OutOfRange<BatchSlice>(var offset, var offsets) ->
                throw new UnreadableLogException("offset %d is no longer in the log, which is now %d..%d"
                        .formatted(offset, offsets.logStartOffset(), offsets.logEndOffset()));
            case ReadOutcome.Damaged<BatchSlice>(var range) -> {
                nextOffset = Math.max(range.nextOffset(), nextOffset + 1);
                throw new DamagedRangeMetException(range);
            }
            case ReadOutcome.StorageFailed<BatchSlice>(var reason) -> throw new UnreadableLogException(reason);
            case ReadOutcome.Deleted<BatchSlice> _ -> throw new UnreadableLogException("the topic was deleted");
        };
        batches = slice.batches().iterator();
        if (!batches.hasNext() && !slice.isEmpty()) {
            throw new UnreadableLogException(
                    "no whole batch at byte %d of segment %d".formatted(slice.position(), slice.segmentBaseOffset()));
        }
        chunkBytes = Math.min(MAX_CHUNK_BYTES, chunkBytes * 2);
    }

    /// The file may have been damaged since the broker opened it: a header that leads backwards would lead in a
    /// circle.
    private void requireProgress(RecordBatch batch) throws UnreadableLogException {
        if (batch.sizeInBytes() < RecordBatch.HEADER_SIZE_IN_BYTES || batch.nextOffset() <= nextOffset) {
            throw new UnreadableLogException("the bytes at %d of segment %d are no batch that follows offset %d"
                    .formatted(slice.positionOf(batch), slice.segmentBaseOffset(), nextOffset));
        }
    }
}
