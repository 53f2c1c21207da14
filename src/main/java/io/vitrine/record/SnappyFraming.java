package io.vitrine.record;

import java.nio.ByteBuffer;

/// The framing around snappy blocks that Java clients and librdkafka write, looked at before the library unpacks it,
/// because the library allocates what a chunk claims:
/// ```
///   82 'S' 'N' 'A' 'P' 'P' 'Y' 0 | version 4 | compatible version 4 | length 4 | block | length 4 | block | …
/// ```
/// A block begins with its unpacked size as an unsigned variable-length integer. Bytes without the frame are one
/// block.
final class SnappyFraming {
    private static final long MAGIC = 0x82534e4150505900L;
    private static final int HEADER_SIZE_IN_BYTES = 16;
    private static final int LENGTH_SIZE_IN_BYTES = 4;
    private static final int MAX_BLOCK_BYTES = 64 * 1024 * 1024;
    // Three bytes of input can copy 64 bytes at most.
    private static final int MAX_RATIO = 22;

    private SnappyFraming() {}

    /// @throws MalformedRecordException if a chunk claims more than the bytes that are there, or than they can
    /// unpack to
    static void check(ByteBuffer compressed) throws MalformedRecordException {
        int end = compressed.limit();
        int at = compressed.position();
        if (end - at < HEADER_SIZE_IN_BYTES || compressed.getLong(at) != MAGIC) {
            checkBlock(compressed, at, end);
            return;
        }
        at += HEADER_SIZE_IN_BYTES;
        while (at < end) {
            int length = end - at < LENGTH_SIZE_IN_BYTES ? -1 : compressed.getInt(at);
            at += LENGTH_SIZE_IN_BYTES;
            if (length < 0 || length > end - at) {
                throw new MalformedRecordException(
                        0, "a snappy chunk claims %d bytes, %d are left".formatted(length, Math.max(0, end - at)));
            }
            checkBlock(compressed, at, at + length);
            at += length;
        }
    }

    private static void checkBlock(ByteBuffer compressed, int start, int end) throws MalformedRecordException {
        long unpacked = 0;
        for (int i = 0; i < 5 && start + i < end; i++) {
            byte next = compressed.get(start + i);
            unpacked |= (next & 0x7fL) << (7 * i);
            if (next >= 0) {
                break;
            }
        }
        if (unpacked > MAX_BLOCK_BYTES || unpacked > (long) MAX_RATIO * (end - start)) {
            throw new MalformedRecordException(
                    0, "a snappy block of %d bytes claims to unpack to %d".formatted(end - start, unpacked));
        }
    }
}
