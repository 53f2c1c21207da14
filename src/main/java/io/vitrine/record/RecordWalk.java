package io.vitrine.record;

import io.vitrine.record.Refusal.Reason;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// Walks over the records of one batch and checks each, without an object per record. A record is, with `v` for a
/// zig-zag variable-length integer:
/// ```
///   length v | attributes 1 | timestampDelta v | offsetDelta v | keyLength v | key | valueLength v | value
///            | headerCount v | { keyLength v | key | valueLength v | value } …
/// ```
/// A length of -1 stands for null, which a header's key may not be.
final class RecordWalk {
    static final int NULL_LENGTH = -1;

    private final RecordBatch batch;
    private final BatchRules rules;
    private final long nowMs;
    private long maxTimestamp = RecordBatch.NO_TIMESTAMP;
    private long uncompressedBytes;

    RecordWalk(RecordBatch batch, BatchRules rules, long nowMs) {
        this.batch = batch;
        this.rules = rules;
        this.nowMs = nowMs;
    }

    /// The greatest timestamp seen.
    long maxTimestamp() {
        return maxTimestamp;
    }

    /// What the records of a sound batch unpack to.
    long uncompressedBytes() {
        return uncompressedBytes;
    }

    /// Walks to the end; null if every record is sound.
    @Nullable
    Refusal check() {
        int count = batch.recordCount();
        int index = 0;
        try (var input = RecordInput.of(batch, rules.maxUncompressedBytes(batch.sizeInBytes()))) {
            for (; index < count; index++) {
                if (input.isAtEnd()) {
                    return refuse(Reason.RECORD_COUNT, Refusal.WHOLE_BATCH, count + " records", index + " records");
                }
                var refusal = checkRecord(input, index);
                if (refusal != null) {
                    return refusal;
                }
            }
            uncompressedBytes = input.position();
            return input.isAtEnd()
                    ? null
                    : refuse(Reason.RECORD_COUNT, Refusal.WHOLE_BATCH, count + " records", "more bytes behind them");
        } catch (IOException e) {
            return refuse(
                    Reason.MALFORMED_RECORD, index, "records in format version 2", String.valueOf(e.getMessage()));
        }
    }

    private @Nullable Refusal checkRecord(RecordInput input, int index) throws IOException {
        int length = input.readVarint();
        long start = input.position();
        input.readByte();
        long timestamp = batch.baseTimestamp() + input.readVarlong();
        int offsetDelta = input.readVarint();
        int keyLength = skipNullable(input);
        skipNullable(input);
        skipHeaders(input);
        long found = input.position() - start;
        if (found != length) {
            return refuse(Reason.MALFORMED_RECORD, index, "a record of %d bytes".formatted(length), found + " bytes");
        }
        if (offsetDelta != index) {
            return refuse(Reason.MALFORMED_RECORD, index, "offset delta " + index, String.valueOf(offsetDelta));
        }
        if (rules.keyRequired() && keyLength == NULL_LENGTH) {
            return refuse(Reason.MISSING_KEY, index, "a key, as the topic is compacted", "none");
        }
        maxTimestamp = Math.max(maxTimestamp, timestamp);
        return checkTimestamp(timestamp, index);
    }

    private @Nullable Refusal checkTimestamp(long timestamp, int index) {
        if (rules.logAppendTime() || timestamp == RecordBatch.NO_TIMESTAMP) {
            return null;
        }
        if (timestamp > nowMs && timestamp - nowMs > rules.timestampAfterMaxMs()) {
            return refuse(
                    Reason.TIMESTAMP,
                    index,
                    "at most %d ms ahead of the clock (message.timestamp.after.max.ms)"
                            .formatted(rules.timestampAfterMaxMs()),
                    "timestamp %d, %d ms ahead".formatted(timestamp, timestamp - nowMs));
        }
        // The difference of a time before all times overflows; it is too far behind whatever the limit.
        long behindMs = timestamp < nowMs && nowMs - timestamp < 0 ? Long.MAX_VALUE : nowMs - timestamp;
        if (timestamp < nowMs && behindMs > rules.timestampBeforeMaxMs()) {
            return refuse(
                    Reason.TIMESTAMP,
                    index,
                    "at most %d ms behind the clock (message.timestamp.before.max.ms)"
                            .formatted(rules.timestampBeforeMaxMs()),
                    "timestamp %d, %d ms behind".formatted(timestamp, behindMs));
        }
        return null;
    }

    static void skipHeaders(RecordInput input) throws IOException {
        int count = input.readVarint();
        if (count < 0) {
            throw new MalformedRecordException(input.position(), "a header count of " + count);
        }
        for (int i = 0; i < count; i++) {
            if (skipNullable(input) == NULL_LENGTH) {
                throw new MalformedRecordException(input.position(), "header %d has a null key".formatted(i));
            }
            skipNullable(input);
        }
    }

    /// Skips a length and that many bytes, and returns the length.
    static int skipNullable(RecordInput input) throws IOException {
        int length = readLength(input);
        input.skip(Math.max(length, 0));
        return length;
    }

    /// Reads the length of a key or a value, [#NULL_LENGTH] if there is none.
    static int readLength(RecordInput input) throws IOException {
        int length = input.readVarint();
        if (length < NULL_LENGTH) {
            throw new MalformedRecordException(input.position(), "a length of " + length);
        }
        return length;
    }

    private static Refusal refuse(Reason reason, int index, String expected, String found) {
        return new Refusal(reason, index, expected, found);
    }
}
