package io.vitrine.partition;

import io.vitrine.record.RecordBatch;
import io.vitrine.record.RecordInput;
import java.io.IOException;
import java.util.Collections;
import java.util.Iterator;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Finds records of a partition by time, as Kafka's ListOffsets defines it. The log is read from its start, a chunk
/// at a time; the records of a batch are looked at only where its header says that it can hold the one sought.
public final class TimestampSearch {
    private static final int CHUNK_BYTES = 256 * 1024;
    private static final long MAX_UNCOMPRESSED_BYTES = 100 * 1024 * 1024;

    private final Partition partition;

    public TimestampSearch(Partition partition) {
        this.partition = partition;
    }

    /// A record and its place.
    public record Found(long offset, long timestamp, int leaderEpoch) {}

    /// The first record whose timestamp is `timestamp` or later.
    ///
    /// @throws IOException if the log can't be read
    public Optional<Found> findFirstFrom(long timestamp) throws IOException {
        var cursor = new Cursor();
        for (var batch = cursor.next(); batch != null; batch = cursor.next()) {
            if (batch.maxTimestamp() >= timestamp) {
                var found = findInBatch(batch, timestamp);
                if (found.isPresent()) {
                    return found;
                }
            }
        }
        return Optional.empty();
    }

    /// The first record that has the greatest timestamp of all.
    ///
    /// @throws IOException if the log can't be read
    public Optional<Found> findGreatest() throws IOException {
        var cursor = new Cursor();
        long greatest = RecordBatch.NO_TIMESTAMP;
        Optional<Found> found = Optional.empty();
        for (var batch = cursor.next(); batch != null; batch = cursor.next()) {
            if (batch.maxTimestamp() > greatest) {
                greatest = batch.maxTimestamp();
                found = findInBatch(batch, greatest);
            }
        }
        return found;
    }

    private static Optional<Found> findInBatch(RecordBatch batch, long timestamp) throws IOException {
        if (batch.attributes().usesLogAppendTime()) {
            return Optional.of(new Found(batch.baseOffset(), batch.maxTimestamp(), batch.partitionLeaderEpoch()));
        }
        try (var input = RecordInput.of(batch, MAX_UNCOMPRESSED_BYTES)) {
            for (int i = 0; i < batch.recordCount(); i++) {
                int length = input.readVarint();
                long start = input.position();
                input.readByte();
                long recordTimestamp = batch.baseTimestamp() + input.readVarlong();
                int offsetDelta = input.readVarint();
                if (recordTimestamp >= timestamp) {
                    return Optional.of(
                            new Found(batch.baseOffset() + offsetDelta, recordTimestamp, batch.partitionLeaderEpoch()));
                }
                input.skip(length - (input.position() - start));
            }
        }
        return Optional.empty();
    }

    /// Goes over the batches from the log start to what was the end at the time of the call.
    private final class Cursor {
        private Iterator<RecordBatch> batches = Collections.emptyIterator();
        private long nextOffset = partition.findOffsets().orElseThrow().logStartOffset();

        @Nullable
        RecordBatch next() throws IOException {
            if (!batches.hasNext()) {
                batches = switch (partition.read(nextOffset, CHUNK_BYTES)) {
                    case ReadOutcome.Batches(var slice, var _) ->
                        slice.batches().iterator();
                    case ReadOutcome.OutOfRange(long offset, var offsets) ->
                        throw new IOException("Offset %d is outside %s".formatted(offset, offsets));
                    case ReadOutcome.StorageFailed(String reason) -> throw new IOException(reason);
                };
            }
            if (!batches.hasNext()) {
                return null;
            }
            var batch = batches.next();
            if (batch.nextOffset() <= nextOffset) {
                throw new IOException("Offsets go back at %d".formatted(batch.baseOffset()));
            }
            nextOffset = batch.nextOffset();
            return batch;
        }
    }
}
