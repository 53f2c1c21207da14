package io.vitrine.inspect;

import io.vitrine.record.MalformedRecordException;
import io.vitrine.record.RecordBatch;
import io.vitrine.record.RecordInput;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Decodes the records of one batch, one at a time: memory is what one record may show, whatever the batch unpacks
/// to. More forgiving than the check on append, because it is for looking at what is there.
final class BatchRecords implements Closeable {
    /// Where unpacking a batch stops.
    static final long MAX_UNCOMPRESSED_BYTES = 100 * 1024 * 1024;

    private static final int MAX_HEADERS = 1_000;
    private static final int NULL_LENGTH = -1;
    private static final long NO_OFFSET = -1;

    private final RecordBatch batch;
    private final KafkaRecords kafkaRecords;
    private final RecordOptions options;
    private final RecordInput input;
    private int index;
    private long end;
    private RecordHead head = RecordHead.atOnce(NO_OFFSET);

    private record Headers(List<DecodedRecord.Header> shown, boolean accepted) {}

    BatchRecords(RecordBatch batch, RecordKind kind, RecordOptions options) throws IOException {
        this.batch = batch;
        this.kafkaRecords = new KafkaRecords(kind, batch.attributes().isControl(), options);
        this.options = options;
        this.input = RecordInput.of(batch, MAX_UNCOMPRESSED_BYTES);
    }

    /// Goes to the next record at or behind `from`, and reads no more than where it begins.
    ///
    /// @return false at the end of the batch
    boolean advance(long from) throws IOException {
        while (index < batch.recordCount()) {
            if (input.isAtEnd()) {
                throw new MalformedRecordException(
                        input.position(), "%d records are there, %d announced".formatted(index, batch.recordCount()));
            }
            index++;
            int length = input.readVarint();
            end = input.position() + length;
            input.readByte();
            long timestamp =
                    batch.attributes().usesLogAppendTime() ? skipDelta() : batch.baseTimestamp() + input.readVarlong();
            long offset = batch.baseOffset() + input.readVarint();
            if (offset >= from) {
                head = new RecordHead(offset, timestamp, length);
                return true;
            }
            skipTo(end);
        }
        return false;
    }

    /// The record it stands at.
    RecordHead head() {
        return head;
    }

    /// Passes over the record it stands at.
    void skip() throws IOException {
        skipTo(end);
    }

    /// Reads the key or the value of the record it stands at, whose end it does not look for; null if it has none.
    @Nullable
    Excerpt read(RecordPart part, int maxBytes) throws IOException {
        if (part == RecordPart.VALUE) {
            skipField();
        }
        return readNullable(maxBytes);
    }

    @Override
    public void close() throws IOException {
        input.close();
    }

    private long skipDelta() throws IOException {
        input.readVarlong();
        return batch.maxTimestamp();
    }

    /// Reads the record it stands at; empty if `filter` does not want it.
    Optional<DecodedRecord> decode(RecordFilter filter) throws IOException {
        int allowance = kafkaRecords.bytesNeeded();
        var seenKey = readNullable(Math.max(allowance, filter.keyBytesNeeded()));
        if (!filter.acceptsKey(seenKey)) {
            skipField();
            return passOverHeaders();
        }
        var key = seenKey == null ? null : seenKey.first(allowance);
        var control = batch.attributes().isControl() && key != null ? ControlMarker.find(key.buffer()) : null;
        var search = filter.searchValue();
        var value = search == null ? readNullable(allowance) : readSearched(allowance, search);
        if (search != null && (value == null || !search.found())) {
            return passOverHeaders();
        }
        int headerCount = input.readVarint();
        var headers = readHeaders(headerCount, filter);
        requireEnd();
        if (!headers.accepted()) {
            return Optional.empty();
        }
        var shownKey = key == null ? null : kafkaRecords.showKey(key);
        var shownValue = value == null ? null : kafkaRecords.showValue(key, value, control);
        var deletes = value == null ? kafkaRecords.deletes(key) : null;
        return Optional.of(new DecodedRecord(
                head.offset(),
                head.timestamp(),
                head.sizeInBytes(),
                shownKey,
                shownValue,
                headerCount,
                headers.shown(),
                control,
                deletes));
    }

    /// Field by field all the same: what is not wanted may be damaged.
    private Optional<DecodedRecord> passOverHeaders() throws IOException {
        int count = readLength();
        for (int i = 0; i < count; i++) {
            skipField();
            skipField();
        }
        requireEnd();
        return Optional.empty();
    }

    private void skipField() throws IOException {
        input.skip(Math.max(readLength(), 0));
    }

    private void requireEnd() throws IOException {
        if (input.position() != end) {
            throw new MalformedRecordException(
                    input.position(),
                    "the record at offset %d claims %d bytes, its fields take %d"
                            .formatted(head.offset(), head.sizeInBytes(), head.sizeInBytes() + input.position() - end));
        }
    }

    /// All headers of a record share one allowance, so that a record of nothing but headers is bounded too.
    private Headers readHeaders(int count, RecordFilter filter) throws IOException {
        if (count < NULL_LENGTH) {
            throw new MalformedRecordException(input.position(), "a header count of " + count);
        }
        var headers = new ArrayList<DecodedRecord.Header>();
        int allowance = options.maxValueBytes();
        int needed = filter.headerBytesNeeded();
        boolean accepted = !filter.wantsHeader();
        for (int i = 0; i < count; i++) {
            var seenKey = readNullable(Math.max(allowance, needed));
            var key = seenKey == null ? null : seenKey.first(allowance);
            allowance -= kept(key);
            var seenValue = readNullable(Math.max(allowance, needed));
            var value = seenValue == null ? null : seenValue.first(allowance);
            allowance -= kept(value);
            accepted = accepted || filter.acceptsHeader(seenKey, seenValue);
            if (i < MAX_HEADERS) {
                headers.add(new DecodedRecord.Header(
                        key == null ? null : headerKey(key),
                        value == null ? null : PayloadText.of(value, PayloadFormat.AUTO)));
            }
        }
        return new Headers(headers, accepted);
    }

    private static String headerKey(Excerpt key) {
        return new String(key.bytes(), StandardCharsets.UTF_8);
    }

    private static int kept(@Nullable Excerpt excerpt) {
        return excerpt == null ? 0 : excerpt.bytes().length;
    }

    private @Nullable Excerpt readNullable(int maxBytes) throws IOException {
        int length = readLength();
        return length == NULL_LENGTH ? null : Excerpt.read(input, length, maxBytes);
    }

    private @Nullable Excerpt readSearched(int maxBytes, ByteSearch.Run search) throws IOException {
        int length = readLength();
        return length == NULL_LENGTH ? null : Excerpt.read(input, length, maxBytes, search);
    }

    private int readLength() throws IOException {
        int length = input.readVarint();
        if (length < NULL_LENGTH) {
            throw new MalformedRecordException(input.position(), "a length of " + length);
        }
        return length;
    }

    private void skipTo(long target) throws IOException {
        if (target < input.position()) {
            throw new MalformedRecordException(input.position(), "the record claims to end at byte " + target);
        }
        input.skip(target - input.position());
    }
}
