package io.vitrine.inspect;

import io.vitrine.record.RecordBatch;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// Finds the bytes of a record's key or value as they are, whatever they mean.
public final class RecordBytes {
    private RecordBytes() {}

    /// What came of it.
    public sealed interface Outcome {
        record Found(ByteBuffer bytes) implements Outcome {}

        /// The record has no such part.
        record Null() implements Outcome {}

        record TooLarge(int sizeInBytes) implements Outcome {}

        /// There is no record at this offset.
        record NoRecord() implements Outcome {}

        /// The batch that holds the record is damaged before its end.
        record Damaged(long baseOffset, String reason) implements Outcome {}
    }

    /// Finds the bytes of a record.
    ///
    /// @param offset which must lie in the log
    /// @param maxBytes which are given of a record
    /// @throws DamagedRangeMetException if it lies where the log can't be trusted
    public static Outcome find(ReadableLog log, long offset, RecordPart part, int maxBytes)
            throws UnreadableLogException {
        var located = new BatchCursor(log, offset).next();
        if (located.isEmpty() || located.get().batch().baseOffset() > offset) {
            return new Outcome.NoRecord();
        }
        var batch = located.get().batch();
        try {
            RecordCursor.requireChecksum(batch);
            return find(batch, offset, part, maxBytes);
        } catch (IOException e) {
            return new Outcome.Damaged(batch.baseOffset(), String.valueOf(e.getMessage()));
        }
    }

    private static Outcome find(RecordBatch batch, long offset, RecordPart part, int maxBytes) throws IOException {
        try (var records = new BatchRecords(batch, RecordKind.PLAIN, RecordOptions.DEFAULTS)) {
            if (!records.advance(offset) || records.head().offset() != offset) {
                return new Outcome.NoRecord();
            }
            return outcome(records.read(part, maxBytes));
        }
    }

    private static Outcome outcome(@Nullable Excerpt found) {
        if (found == null) {
            return new Outcome.Null();
        }
        return found.isTruncated() ? new Outcome.TooLarge(found.sizeInBytes()) : new Outcome.Found(found.buffer());
    }
}
