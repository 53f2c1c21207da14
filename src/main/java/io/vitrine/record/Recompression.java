package io.vitrine.record;

import io.vitrine.record.Refusal.Reason;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.kafka.common.utils.internals.ByteBufferOutputStream;

/// Gives a batch the codec that its topic asks for. Its records are unpacked and packed again as they are, byte for
/// byte, and all of its header stays but for codec, length and checksum; so offsets, timestamps, headers, producer and
/// sequence need no thought.
/// ```
///   sent    | header | records, codec of the producer ─▶ 16 KiB ─┐
///   stored  | header | records, codec of the topic   ◀───────────┘   a buffer of its own, at most max.message.bytes
/// ```
final class Recompression {
    private static final int WINDOW_SIZE_IN_BYTES = 16 * 1024;
    private static final int ROOM_FOR_FRAMING = 1024;

    private final BatchRules rules;

    Recompression(BatchRules rules) {
        this.rules = rules;
    }

    /// A batch that has passed its checks, as it is to be stored; or that it is too large then, which Kafka looks at
    /// before and after, too.
    ///
    /// @param uncompressedBytes what its records unpack to
    BatchVerdict rewrite(RecordBatch batch, long maxTimestamp, long uncompressedBytes) {
        var codec = rules.compression().codec(batch.attributes());
        if (codec == Codec.NONE && uncompressedBytes > rules.maxBatchBytes() - RecordBatch.RECORDS) {
            return tooLarge(codec, uncompressedBytes + RecordBatch.RECORDS + " bytes");
        }
        var target = new ByteBufferOutputStream(capacity(batch, codec, uncompressedBytes));
        target.position(RecordBatch.RECORDS);
        try {
            if (!pack(batch, codec, target)) {
                return tooLarge(codec, "more");
            }
        } catch (IOException e) {
            return new BatchVerdict.Unsound(
                    Refusal.ofBatch(Reason.MALFORMED_RECORD, "records that unpack", String.valueOf(e.getMessage())));
        }
        return new BatchVerdict.Sound(withHeaderOf(batch, codec, target.buffer().flip()), maxTimestamp);
    }

    /// Stops where there is more than may be stored, so that memory does not depend on what the records unpack to.
    ///
    /// @return did it fit?
    private boolean pack(RecordBatch batch, Codec codec, ByteBufferOutputStream target) throws IOException {
        var window = new byte[WINDOW_SIZE_IN_BYTES];
        try (var input = RecordInput.of(batch, rules.maxUncompressedBytes(batch.sizeInBytes()));
                var output = rules.compression().compression(codec).wrapForOutput(target, RecordBatch.CURRENT_MAGIC)) {
            while (!input.isAtEnd() && target.position() <= rules.maxBatchBytes()) {
                output.write(window, 0, input.readSome(window));
            }
        }
        return target.position() <= rules.maxBatchBytes();
    }

    private static RecordBatch withHeaderOf(RecordBatch batch, Codec codec, ByteBuffer stored) {
        stored.put(0, batch.bytes(), 0, RecordBatch.RECORDS);
        stored.putInt(RecordBatch.BATCH_LENGTH, stored.limit() - RecordBatch.LENGTH_OVERHEAD);
        stored.putShort(
                RecordBatch.ATTRIBUTES, batch.attributes().withCodec(codec).bits());
        var renewed = RecordBatch.at(stored, 0);
        renewed.stampMaxTimestamp(batch.maxTimestamp());
        return renewed;
    }

    /// A guess; the buffer grows if need be.
    private int capacity(RecordBatch batch, Codec codec, long uncompressedBytes) {
        long guess = codec == Codec.NONE ? uncompressedBytes : Math.min(uncompressedBytes, batch.sizeInBytes());
        return (int) Math.min(rules.maxBatchBytes(), guess) + RecordBatch.RECORDS + ROOM_FOR_FRAMING;
    }

    private BatchVerdict tooLarge(Codec codec, String found) {
        var way = codec == Codec.NONE ? "uncompressed" : "compressed with " + codec.kafkaName();
        return new BatchVerdict.Unsound(Refusal.ofBatch(
                Reason.TOO_LARGE,
                "at most %d bytes (max.message.bytes) when %s, as compression.type asks"
                        .formatted(rules.maxBatchBytes(), way),
                found));
    }
}
