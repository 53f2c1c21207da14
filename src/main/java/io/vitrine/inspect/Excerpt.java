package io.vitrine.inspect;

import io.vitrine.record.RecordInput;
import java.io.IOException;
import java.nio.ByteBuffer;

/// The first bytes of a key, a value or a header, and how many there are in the record.
final class Excerpt {
    private final byte[] bytes;
    private final int sizeInBytes;

    private Excerpt(byte[] bytes, int sizeInBytes) {
        this.bytes = bytes;
        this.sizeInBytes = sizeInBytes;
    }

    /// All of `bytes`.
    static Excerpt whole(byte[] bytes) {
        return new Excerpt(bytes, bytes.length);
    }

    /// Reads over `sizeInBytes` bytes and keeps the first `maxBytes` of them.
    static Excerpt read(RecordInput input, int sizeInBytes, int maxBytes) throws IOException {
        var bytes = input.readBytes(Math.min(sizeInBytes, maxBytes));
        input.skip(sizeInBytes - bytes.length);
        return new Excerpt(bytes, sizeInBytes);
    }

    byte[] bytes() {
        return bytes;
    }

    ByteBuffer buffer() {
        return ByteBuffer.wrap(bytes);
    }

    int sizeInBytes() {
        return sizeInBytes;
    }

    boolean isTruncated() {
        return bytes.length < sizeInBytes;
    }
}
