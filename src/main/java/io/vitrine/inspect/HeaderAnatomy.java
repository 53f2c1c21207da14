package io.vitrine.inspect;

import io.vitrine.record.Codec;
import io.vitrine.record.RecordBatch;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Takes the 61 bytes of a batch's header apart, and says what the compressed records behind it are.
final class HeaderAnatomy {
    private static final HexFormat HEX = HexFormat.ofDelimiter(" ");

    private final RecordBatch batch;
    private final ByteBuffer bytes;
    private final List<AnatomyField> fields = new ArrayList<>();

    private HeaderAnatomy(RecordBatch batch) {
        this.batch = batch;
        this.bytes = batch.bytes();
    }

    /// @param compression null if the records lie in the batch as they are
    /// @param maxBytes shown of the compressed records
    static List<AnatomyField> of(RecordBatch batch, BatchAnatomy.@Nullable Compression compression, int maxBytes) {
        var anatomy = new HeaderAnatomy(batch);
        anatomy.place();
        anatomy.content();
        anatomy.producer();
        if (compression != null) {
            anatomy.records(compression, maxBytes);
        }
        return List.copyOf(anatomy.fields);
    }

    private void place() {
        add("baseOffset", RecordBatch.BASE_OFFSET, 8, batch.baseOffset(), "offset of the first record");
        add("batchLength", RecordBatch.BATCH_LENGTH, 4, batch.batchLength(), "bytes that follow this field");
        add("partitionLeaderEpoch", RecordBatch.PARTITION_LEADER_EPOCH, 4, batch.partitionLeaderEpoch(), null);
        add("magic", RecordBatch.MAGIC, 1, batch.magic(), "format version");
        long computed = batch.computedCrc();
        add(
                "crc",
                RecordBatch.CRC,
                4,
                batch.crc(),
                computed == batch.crc()
                        ? "valid CRC-32C of everything that follows"
                        : "damaged: the bytes that follow have CRC-32C %d, 0x%08x".formatted(computed, computed));
    }

    private void content() {
        add("attributes", RecordBatch.ATTRIBUTES, 2, batch.attributes().bits(), attributes());
        add(
                "lastOffsetDelta",
                RecordBatch.LAST_OFFSET_DELTA,
                4,
                batch.lastOffsetDelta(),
                "last offset is " + batch.lastOffset());
        add("baseTimestamp", RecordBatch.BASE_TIMESTAMP, 8, batch.baseTimestamp(), baseTimestamp());
        add("maxTimestamp", RecordBatch.MAX_TIMESTAMP, 8, batch.maxTimestamp(), time(batch.maxTimestamp()));
    }

    private void producer() {
        boolean idempotent = batch.producerId() != RecordBatch.NO_PRODUCER_ID;
        var none = idempotent ? null : "none";
        add("producerId", RecordBatch.PRODUCER_ID, 8, batch.producerId(), none);
        add("producerEpoch", RecordBatch.PRODUCER_EPOCH, 2, batch.producerEpoch(), none);
        add("baseSequence", RecordBatch.BASE_SEQUENCE, 4, batch.baseSequence(), none);
        add("recordCount", RecordBatch.RECORD_COUNT, 4, batch.recordCount(), null);
    }

    private void records(BatchAnatomy.Compression compression, int maxBytes) {
        var raw = new byte[Math.min(compression.packedBytes(), maxBytes)];
        bytes.get(RecordBatch.RECORDS, raw);
        var unpacked = compression.unpackedBytes();
        fields.add(new AnatomyField(
                "records",
                RecordBatch.RECORDS,
                compression.packedBytes(),
                HEX.formatHex(raw),
                raw.length < compression.packedBytes(),
                null,
                unpacked.isPresent()
                        ? "%s, unpacks to %d bytes".formatted(compression.codec(), unpacked.getAsLong())
                        : "%s, can't be unpacked to the end".formatted(compression.codec())));
    }

    private String attributes() {
        var parts = new ArrayList<String>();
        parts.add("codec " + codecName(batch));
        parts.add(timestampType(batch));
        if (batch.attributes().isTransactional()) {
            parts.add("transactional");
        }
        if (batch.attributes().isControl()) {
            parts.add("control batch");
        }
        if (batch.attributes().hasDeleteHorizon()) {
            parts.add("delete horizon");
        }
        return String.join(", ", parts);
    }

    static String codecName(RecordBatch batch) {
        return Codec.find(batch.attributes().codecId())
                .map(Codec::kafkaName)
                .orElseGet(() -> "unknown (%d)".formatted(batch.attributes().codecId()));
    }

    static String timestampType(RecordBatch batch) {
        return batch.attributes().usesLogAppendTime() ? "LogAppendTime" : "CreateTime";
    }

    private String baseTimestamp() {
        var prefix = batch.attributes().hasDeleteHorizon() ? "tombstones may go after " : "";
        return prefix + time(batch.baseTimestamp());
    }

    static String time(long timestamp) {
        return timestamp == RecordBatch.NO_TIMESTAMP
                ? "none"
                : Instant.ofEpochMilli(timestamp).toString();
    }

    private void add(String name, int position, int length, long value, @Nullable String meaning) {
        var raw = new byte[length];
        bytes.get(position, raw);
        fields.add(new AnatomyField(
                name, position, length, HEX.formatHex(raw), false, new AnatomyField.Value.Numeric(value), meaning));
    }
}
