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

    /// Bytes of one of Kafka's own records that are looked at, as they can't be decoded in part.
    static final int MAX_KAFKA_RECORD_BYTES = 1024 * 1024;

    private static final int MAX_HEADERS = 1_000;
    private static final int NULL_LENGTH = -1;

    private final RecordBatch batch;
    private final boolean holdsMetadata;
    private final RecordOptions options;
    private final RecordInput input;
    private int index;

    BatchRecords(RecordBatch batch, boolean holdsMetadata, RecordOptions options) throws IOException {
        this.batch = batch;
        this.holdsMetadata = holdsMetadata;
        this.options = options;
        this.input = RecordInput.of(batch, MAX_UNCOMPRESSED_BYTES);
    }

    /// The next record at or behind `from`; empty at the end of the batch.
    Optional<DecodedRecord> next(long from) throws IOException {
        while (index < batch.recordCount()) {
            if (input.isAtEnd()) {
                throw new MalformedRecordException(
                        input.position(), "%d records are there, %d announced".formatted(index, batch.recordCount()));
            }
            index++;
            int length = input.readVarint();
            long end = input.position() + length;
            input.readByte();
            long timestamp =
                    batch.attributes().usesLogAppendTime() ? skipDelta() : batch.baseTimestamp() + input.readVarlong();
            long offset = batch.baseOffset() + input.readVarint();
            if (offset >= from) {
                return Optional.of(decode(offset, timestamp, length, end));
            }
            skipTo(end);
        }
        return Optional.empty();
    }

    @Override
    public void close() throws IOException {
        input.close();
    }

    private long skipDelta() throws IOException {
        input.readVarlong();
        return batch.maxTimestamp();
    }

    private DecodedRecord decode(long offset, long timestamp, int length, long end) throws IOException {
        int allowance = holdsKafkaRecords() ? MAX_KAFKA_RECORD_BYTES : options.maxValueBytes();
        var key = readNullable(allowance);
        var control = batch.attributes().isControl() && key != null ? ControlMarker.find(key.buffer()) : null;
        var value = readNullable(allowance);
        int headerCount = input.readVarint();
        var headers = readHeaders(headerCount);
        if (input.position() != end) {
            throw new MalformedRecordException(
                    input.position(),
                    "the record at offset %d claims %d bytes, its fields take %d"
                            .formatted(offset, length, length + input.position() - end));
        }
        var shownKey = key == null ? null : PayloadText.of(key, options.keyFormat());
        var shownValue = value == null ? null : showValue(key, value, control);
        return new DecodedRecord(offset, timestamp, length, shownKey, shownValue, headerCount, headers, control);
    }

    private boolean holdsKafkaRecords() {
        return holdsMetadata || batch.attributes().isControl();
    }

    private Payload showValue(@Nullable Excerpt key, Excerpt value, @Nullable ControlMarker control) {
        var format = options.valueFormat();
        if (format == PayloadFormat.AUTO || format == PayloadFormat.JSON) {
            return findKafkaRecord(key, value, control).orElseGet(() -> PayloadText.of(value, format));
        }
        return PayloadText.of(value, format);
    }

    private Optional<Payload> findKafkaRecord(@Nullable Excerpt key, Excerpt value, @Nullable ControlMarker control) {
        if (control != null && key != null) {
            return KafkaRecords.control(control, key, value);
        }
        return holdsMetadata && !batch.attributes().isControl() ? KafkaRecords.metadata(value) : Optional.empty();
    }

    /// All headers of a record share one allowance, so that a record of nothing but headers is bounded too.
    private List<DecodedRecord.Header> readHeaders(int count) throws IOException {
        if (count < NULL_LENGTH) {
            throw new MalformedRecordException(input.position(), "a header count of " + count);
        }
        var headers = new ArrayList<DecodedRecord.Header>();
        int allowance = options.maxValueBytes();
        for (int i = 0; i < count; i++) {
            var key = readNullable(allowance);
            allowance -= kept(key);
            var value = readNullable(allowance);
            allowance -= kept(value);
            if (i < MAX_HEADERS) {
                headers.add(new DecodedRecord.Header(
                        key == null ? null : headerKey(key),
                        value == null ? null : PayloadText.of(value, PayloadFormat.AUTO)));
            }
        }
        return headers;
    }

    private static String headerKey(Excerpt key) {
        return new String(key.bytes(), StandardCharsets.UTF_8);
    }

    private static int kept(@Nullable Excerpt excerpt) {
        return excerpt == null ? 0 : excerpt.bytes().length;
    }

    private @Nullable Excerpt readNullable(int maxBytes) throws IOException {
        int length = input.readVarint();
        if (length < NULL_LENGTH) {
            throw new MalformedRecordException(input.position(), "a length of " + length);
        }
        return length == NULL_LENGTH ? null : Excerpt.read(input, length, maxBytes);
    }

    private void skipTo(long end) throws IOException {
        if (end < input.position()) {
            throw new MalformedRecordException(input.position(), "the record claims to end at byte " + end);
        }
        input.skip(end - input.position());
    }
}
