package io.vitrine.inspect;

import io.vitrine.record.MalformedRecordException;
import io.vitrine.record.RecordBatch;
import io.vitrine.record.RecordInput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// Takes the records of one batch apart. What is kept is bounded whatever the batch claims: by the number of records
/// asked for, and by an allowance for everything shown.
final class RecordsAnatomy {
    private static final int MAX_HEADERS = 100;
    private static final int NULL_LENGTH = -1;

    private final RecordBatch batch;
    private final AnatomyOptions options;
    private final RecordsPlace place;
    private final KafkaValueAnatomy kafkaValues;
    private final List<RecordAnatomy> records = new ArrayList<>();

    RecordsAnatomy(RecordBatch batch, RecordKind kind, AnatomyOptions options) {
        this.batch = batch;
        this.options = options;
        this.place = RecordsPlace.of(batch);
        this.kafkaValues = new KafkaValueAnatomy(kind, batch.attributes().isControl());
    }

    BatchAnatomy run() {
        var unpackedBytes = OptionalLong.empty();
        int next = BatchAnatomy.NO_RECORD;
        Problem problem = null;
        try (var input = RecordInput.of(batch, options.bounds().unpackedBytes())) {
            next = readRecords(input);
            unpackedBytes = findSize(input);
        } catch (IOException e) {
            problem = Problem.of(e, place.start());
        }
        var compression = place == RecordsPlace.UNCOMPRESSED ? compression(unpackedBytes) : null;
        var header = HeaderAnatomy.of(batch, compression, options.maxValueBytes());
        return new BatchAnatomy(header, place, records, next, compression, problem);
    }

    private BatchAnatomy.Compression compression(OptionalLong unpackedBytes) {
        int packedBytes = batch.sizeInBytes() - RecordBatch.HEADER_SIZE_IN_BYTES;
        return new BatchAnatomy.Compression(HeaderAnatomy.codecName(batch), packedBytes, unpackedBytes);
    }

    /// How many bytes the records unpack to, those that nobody has asked for among them. If there is damage behind
    /// what was asked for, whoever asks for more is told.
    private static OptionalLong findSize(RecordInput input) {
        try {
            input.skipToEnd();
            return OptionalLong.of(input.position());
        } catch (IOException e) {
            return OptionalLong.empty();
        }
    }

    /// Returns the index of the first record left out, or `NO_RECORD`.
    private int readRecords(RecordInput input) throws IOException {
        var reader = new FieldReader(
                input, place.start(), options.maxValueBytes(), options.bounds().shownBytes());
        int count = batch.recordCount();
        for (int index = 0; index < count; index++) {
            if (input.isAtEnd()) {
                throw new MalformedRecordException(
                        input.position(), "%d records are there, %d announced".formatted(index, count));
            }
            if (index < options.recordsFrom()) {
                skipRecord(input);
            } else if (records.size() == options.limit() || reader.isExhausted()) {
                return index;
            } else {
                readRecord(reader, index);
            }
        }
        if (!input.isAtEnd()) {
            throw new MalformedRecordException(
                    input.position(), "more bytes follow behind the %d records announced".formatted(count));
        }
        return BatchAnatomy.NO_RECORD;
    }

    private static void skipRecord(RecordInput input) throws IOException {
        int length = input.readVarint();
        if (length < 0) {
            throw new MalformedRecordException(input.position(), "a record length of " + length);
        }
        input.skip(length);
    }

    private void readRecord(FieldReader reader, int index) throws IOException {
        try {
            int length = reader.varint("length");
            reader.explain("bytes of the record that follow");
            long end = reader.position() + length;
            reader.int8("attributes");
            long timestampDelta = reader.varlong("timestampDelta");
            reader.explain(time(timestampDelta));
            int offsetDelta = reader.varint("offsetDelta");
            reader.explain("offset " + (batch.baseOffset() + offsetDelta));
            var key = readNullable(reader, "key", kafkaValues.bytesNeeded());
            kafkaValues.explainKey(reader, key);
            var value = readNullable(reader, "value", kafkaValues.bytesNeeded());
            kafkaValues.explainValue(reader, key, value);
            if (value == null) {
                kafkaValues.explainTombstone(reader, key);
            }
            readHeaders(reader, end);
        } finally {
            records.add(new RecordAnatomy(index, reader.take()));
        }
    }

    private void readHeaders(FieldReader reader, long end) throws IOException {
        int count = reader.varint("headerCount");
        if (count == NULL_LENGTH) {
            reader.explain("no headers, written as -1");
        }
        if (count < NULL_LENGTH) {
            throw new MalformedRecordException(reader.position(), "a header count of " + count);
        }
        for (int i = 0; i < Math.min(count, MAX_HEADERS); i++) {
            readNullable(reader, "headers[%d].key".formatted(i), 0);
            readNullable(reader, "headers[%d].value".formatted(i), 0);
        }
        long left = end - reader.position();
        if (count > MAX_HEADERS && left > 0) {
            reader.rest("headers[%d…%d]".formatted(MAX_HEADERS, count - 1), left, "left out");
        } else if (left != 0) {
            throw new MalformedRecordException(
                    reader.position(), "the record claims to end at byte %d".formatted(place.start() + end));
        }
    }

    private static @Nullable Excerpt readNullable(FieldReader reader, String name, int atLeast) throws IOException {
        int length = reader.varint(name + "Length");
        if (length == NULL_LENGTH) {
            reader.explain("null");
            return null;
        }
        if (length < NULL_LENGTH) {
            reader.explain("impossible");
            throw new MalformedRecordException(reader.position(), "%s has a length of %d".formatted(name, length));
        }
        return reader.bytes(name, length, atLeast);
    }

    private String time(long timestampDelta) {
        if (batch.attributes().usesLogAppendTime()) {
            return "not used: the batch has LogAppendTime";
        }
        return HeaderAnatomy.time(batch.baseTimestamp() + timestampDelta);
    }
}
