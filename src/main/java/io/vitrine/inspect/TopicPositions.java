package io.vitrine.inspect;

import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.common.Uuid;

/// How far somebody has read the partitions of a topic, as text that can be handed out and taken back: base64url of
/// ```
///   version 1 | topicId 16 | { partitions since the one before, varint | next offset, varint } …
/// ```
/// The id tells the topic from another one of the same name, made after it was deleted.
///
/// @param next by partition, the offset of the next record
public record TopicPositions(Uuid topicId, SortedMap<Integer, Long> next) {
    private static final byte VERSION = 1;
    private static final int HEADER_BYTES = 1 + 2 * Long.BYTES;
    private static final int MAX_VARINT_BYTES = 10;

    public TopicPositions {
        next = new TreeMap<>(next);
        if (next.keySet().stream().anyMatch(partition -> partition < 0)
                || next.values().stream().anyMatch(offset -> offset < 0)) {
            throw new IllegalArgumentException("Negative positions: " + next);
        }
    }

    /// The positions that `text` stands for; empty if it is none of ours.
    public static Optional<TopicPositions> parse(String text) {
        try {
            var bytes = ByteBuffer.wrap(Base64.getUrlDecoder().decode(text));
            if (bytes.remaining() < HEADER_BYTES || bytes.get() != VERSION) {
                return Optional.empty();
            }
            var topicId = new Uuid(bytes.getLong(), bytes.getLong());
            var next = new TreeMap<Integer, Long>();
            long partition = -1;
            while (bytes.hasRemaining()) {
                partition = Math.addExact(partition, Math.addExact(readVarint(bytes), 1));
                next.put(Math.toIntExact(partition), readVarint(bytes));
            }
            return Optional.of(new TopicPositions(topicId, next));
        } catch (IllegalArgumentException | ArithmeticException e) {
            return Optional.empty();
        }
    }

    /// The text for [#parse].
    public String text() {
        var bytes = ByteBuffer.allocate(HEADER_BYTES + next.size() * 2 * MAX_VARINT_BYTES);
        bytes.put(VERSION).putLong(topicId.getMostSignificantBits()).putLong(topicId.getLeastSignificantBits());
        int before = -1;
        for (Map.Entry<Integer, Long> position : next.entrySet()) {
            writeVarint(bytes, position.getKey() - before - 1L);
            writeVarint(bytes, position.getValue());
            before = position.getKey();
        }
        bytes.flip();
        var written = new byte[bytes.remaining()];
        bytes.get(written);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(written);
    }

    private static long readVarint(ByteBuffer bytes) {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE - 1; shift += 7) {
            if (!bytes.hasRemaining()) {
                throw new IllegalArgumentException("it ends in the middle of a number");
            }
            byte next = bytes.get();
            value |= (next & 0x7fL) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw new IllegalArgumentException("a number is too long");
    }

    private static void writeVarint(ByteBuffer bytes, long value) {
        long left = value;
        while (left >= 0x80) {
            bytes.put((byte) (left | 0x80));
            left >>>= 7;
        }
        bytes.put((byte) left);
    }
}
