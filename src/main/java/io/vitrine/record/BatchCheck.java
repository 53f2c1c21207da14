package io.vitrine.record;

import static io.vitrine.record.Refusal.ofBatch;

import io.vitrine.record.Refusal.Reason;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// Decides whether the bytes that a Produce request carries for one partition are one sound batch. The checks and
/// their order are Apache Kafka's, so that the same bytes get the same error code; nothing in the buffer is changed.
/// One that the topic wants compressed otherwise is written into a buffer of its own.
public final class BatchCheck {
    // What Kafka's reader takes for the smallest possible entry, a format 0 record.
    private static final int MIN_BATCH_LENGTH = 14;

    private final BatchRules rules;
    private final boolean sequenceNeeded;

    private BatchCheck(BatchRules rules, boolean sequenceNeeded) {
        this.rules = rules;
        this.sequenceNeeded = sequenceNeeded;
    }

    /// For what a client writes.
    public BatchCheck(BatchRules rules) {
        this(rules, true);
    }

    /// For what a coordinator of this broker writes: on behalf of a producer, but without its sequences.
    public static BatchCheck ofCoordinator(BatchRules rules) {
        return new BatchCheck(rules, false);
    }

    /// Looks at every byte of `records`, from index 0 to the limit.
    ///
    /// @param zstdAllowed false where the version of the request is older than the codec
    /// @param nowMs the broker's clock
    public BatchVerdict check(@Nullable ByteBuffer records, boolean zstdAllowed, long nowMs) {
        if (records == null) {
            return new BatchVerdict.Unsound(ofBatch(Reason.NULL_RECORDS, "one record batch", "null"));
        }
        var refusal = checkFraming(records);
        if (refusal != null) {
            return new BatchVerdict.Unsound(refusal);
        }
        var batch = RecordBatch.at(records, 0);
        refusal = checkHeader(batch, zstdAllowed);
        if (refusal != null) {
            return new BatchVerdict.Unsound(refusal);
        }
        var walk = new RecordWalk(batch, rules, nowMs);
        refusal = walk.check();
        if (refusal != null) {
            return new BatchVerdict.Unsound(refusal);
        }
        return rules.compression().differsFrom(batch)
                ? new Recompression(rules).rewrite(batch, walk.maxTimestamp(), walk.uncompressedBytes())
                : new BatchVerdict.Sound(batch, walk.maxTimestamp());
    }

    private static @Nullable Refusal checkFraming(ByteBuffer records) {
        int available = records.limit();
        var refusal = checkFrame(records, 0);
        if (refusal != null) {
            return refusal;
        }
        var batch = RecordBatch.at(records, 0);
        if (batch.magic() != RecordBatch.CURRENT_MAGIC) {
            return ofBatch(Reason.MAGIC, "format version 2", "format version " + batch.magic());
        }
        int next = batch.sizeInBytes();
        // As in Kafka, trailing bytes that are not a whole batch are dropped; a second whole batch is refused.
        var second = checkFrame(records, next);
        if (second == null) {
            return ofBatch(
                    Reason.SEVERAL_BATCHES,
                    "one batch in %d bytes".formatted(available),
                    "a second one at byte " + next);
        }
        return second.reason() == Reason.NO_BATCH ? null : second;
    }

    /// Is there a whole batch at `start`?
    private static @Nullable Refusal checkFrame(ByteBuffer records, int start) {
        int available = records.limit() - start;
        var tooShort = ofBatch(Reason.NO_BATCH, "a whole batch", available + " bytes");
        if (available < RecordBatch.LENGTH_OVERHEAD) {
            return tooShort;
        }
        var batch = RecordBatch.at(records, start);
        if (batch.batchLength() < MIN_BATCH_LENGTH) {
            return ofBatch(Reason.BATCH_LENGTH, "a batch length of at least 14", String.valueOf(batch.batchLength()));
        }
        if (available < RecordBatch.CRC) {
            return tooShort;
        }
        if (batch.magic() < 0 || batch.magic() > RecordBatch.CURRENT_MAGIC) {
            return ofBatch(Reason.BATCH_LENGTH, "a format version from 0 to 2", String.valueOf(batch.magic()));
        }
        if (batch.batchLength() > available - RecordBatch.LENGTH_OVERHEAD) {
            return ofBatch(
                    Reason.NO_BATCH,
                    "%d bytes, as the batch length says".formatted((long) batch.batchLength() + 12),
                    available + " bytes");
        }
        return null;
    }

    private @Nullable Refusal checkHeader(RecordBatch batch, boolean zstdAllowed) {
        // The base offset lies before the checksum, so it can be read even of a batch too short to have one.
        if (batch.baseOffset() != 0) {
            return ofBatch(Reason.BASE_OFFSET, "base offset 0", String.valueOf(batch.baseOffset()));
        }
        if (batch.sizeInBytes() > rules.maxBatchBytes()) {
            return ofBatch(
                    Reason.TOO_LARGE,
                    "at most %d bytes (max.message.bytes)".formatted(rules.maxBatchBytes()),
                    batch.sizeInBytes() + " bytes");
        }
        if (batch.sizeInBytes() < RecordBatch.HEADER_SIZE_IN_BYTES) {
            return ofBatch(Reason.CRC, "a header of 61 bytes", batch.sizeInBytes() + " bytes in all");
        }
        if (batch.computedCrc() != batch.crc()) {
            return ofBatch(
                    Reason.CRC,
                    "CRC-32C 0x%08x, computed from the bytes".formatted(batch.computedCrc()),
                    "0x%08x in the header".formatted(batch.crc()));
        }
        return checkSoundHeader(batch, zstdAllowed);
    }

    /// The checksum holds, so the client itself wrote what is wrong from here on.
    private @Nullable Refusal checkSoundHeader(RecordBatch batch, boolean zstdAllowed) {
        if (batch.attributes().isControl()) {
            return ofBatch(Reason.CONTROL_BATCH, "a data batch", "a control batch");
        }
        if (batch.recordCount() < 1 || batch.recordCount() - 1 != batch.lastOffsetDelta()) {
            return ofBatch(
                    Reason.RECORD_COUNT,
                    "%d records, as the last offset delta %d says"
                            .formatted(batch.lastOffsetDelta() + 1L, batch.lastOffsetDelta()),
                    "a record count of " + batch.recordCount());
        }
        if (sequenceNeeded && batch.producerId() > RecordBatch.NO_PRODUCER_ID && batch.baseSequence() < 0) {
            return ofBatch(
                    Reason.SEQUENCE,
                    "a base sequence for producer id " + batch.producerId(),
                    String.valueOf(batch.baseSequence()));
        }
        var codec = Codec.find(batch.attributes().codecId());
        if (codec.isEmpty()) {
            return ofBatch(
                    Reason.CODEC,
                    "a codec from 0 to 4",
                    String.valueOf(batch.attributes().codecId()));
        }
        if (codec.get() == Codec.ZSTD && !zstdAllowed) {
            return ofBatch(Reason.CODEC, "Produce version 7 or newer for zstd", "an older version");
        }
        if (rules.logAppendTime() && batch.attributes().usesLogAppendTime()) {
            return ofBatch(Reason.TIMESTAMP, "timestamp type CreateTime", "LogAppendTime set by the client");
        }
        return null;
    }
}
