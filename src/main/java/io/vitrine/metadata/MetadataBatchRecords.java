package io.vitrine.metadata;

import io.vitrine.record.MalformedRecordException;
import io.vitrine.record.RecordBatch;
import io.vitrine.record.RecordInput;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/// The records inside one batch of the metadata log.
final class MetadataBatchRecords {
    private static final long MAX_UNCOMPRESSED_BYTES = 256L * 1024 * 1024;

    private MetadataBatchRecords() {}

    /// Where a record was read, for the message when something is wrong with it.
    record Place(Path file, long position) {
        MetadataException damaged(String reason) {
            return new MetadataException(file, position, reason);
        }
    }

    /// Takes one record.
    interface Sink {
        void accept(long offset, ByteBuffer value, Place place) throws MetadataException;
    }

    /// Takes one record with its key, which only those of control batches have.
    interface KeyedSink {
        void accept(long offset, ByteBuffer key, ByteBuffer value, Place place) throws MetadataException;
    }

    /// Hands every record of `batch`, which lies at `position` of `file`, to `sink`.
    static void forEach(RecordBatch batch, Path file, long position, Sink sink) throws IOException, MetadataException {
        forEachKeyed(batch, file, position, (offset, _, value, place) -> sink.accept(offset, value, place));
    }

    /// Does the same with keys.
    static void forEachKeyed(RecordBatch batch, Path file, long position, KeyedSink sink)
            throws IOException, MetadataException {
        long recordsPosition = position + RecordBatch.RECORDS;
        try (var input = RecordInput.of(batch, MAX_UNCOMPRESSED_BYTES)) {
            for (int index = 0; index < batch.recordCount(); index++) {
                // Inside a compressed batch only the batch has a place in the file.
                var place =
                        new Place(file, recordsPosition + (batch.attributes().isCompressed() ? 0 : input.position()));
                var record = read(input, index);
                sink.accept(batch.baseOffset() + index, record.key, record.value, place);
            }
            if (!input.isAtEnd()) {
                throw new MalformedRecordException(input.position(), "bytes follow the last record");
            }
        } catch (MalformedRecordException e) {
            long at = batch.attributes().isCompressed() ? 0 : e.position();
            throw new MetadataException(file, recordsPosition + at, String.valueOf(e.getMessage()));
        }
    }

    private record KeyAndValue(ByteBuffer key, ByteBuffer value) {}

    private static KeyAndValue read(RecordInput input, int index) throws IOException {
        int length = input.readVarint();
        long end = input.position() + length;
        input.readByte();
        input.readVarlong();
        int offsetDelta = input.readVarint();
        if (offsetDelta != index) {
            throw new MalformedRecordException(
                    input.position(), "record %d says it has offset delta %d".formatted(index, offsetDelta));
        }
        var key = ByteBuffer.wrap(input.readBytes(Math.max(0, input.readVarint())));
        int valueLength = input.readVarint();
        if (valueLength < 0) {
            throw new MalformedRecordException(input.position(), "a metadata record without a value");
        }
        var value = ByteBuffer.wrap(input.readBytes(valueLength));
        long headers = end - input.position();
        if (headers < 0) {
            throw new MalformedRecordException(
                    input.position(), "the record is longer than the %d bytes it claims".formatted(length));
        }
        input.skip(headers);
        return new KeyAndValue(key, value);
    }
}
