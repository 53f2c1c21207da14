package io.vitrine.inspect;

import io.vitrine.record.RecordInput;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/// The first bytes of a key, a value or a header, and how many there are in the record.
final class Excerpt {
    private static final int SEARCHED_AT_ONCE = 16 * 1024;

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

    /// The same, and has `search` look at every byte.
    static Excerpt read(RecordInput input, int sizeInBytes, int maxBytes, ByteSearch.Run search) throws IOException {
        var bytes = input.readBytes(Math.min(sizeInBytes, maxBytes));
        search.feed(bytes);
        for (int left = sizeInBytes - bytes.length; left > 0; left -= SEARCHED_AT_ONCE) {
            search.feed(input.readBytes(Math.min(left, SEARCHED_AT_ONCE)));
        }
        return new Excerpt(bytes, sizeInBytes);
    }

    /// The same, of which no more than `maxBytes` are kept.
    Excerpt first(int maxBytes) {
        return bytes.length <= maxBytes ? this : new Excerpt(Arrays.copyOf(bytes, maxBytes), sizeInBytes);
    }

    /// Are those all its bytes? At least as many as they are must be kept.
    boolean isExactly(byte[] others) {
        return sizeInBytes == others.length && beginsWith(others);
    }

    /// Are those its first bytes? At least as many must be kept.
    boolean beginsWith(byte[] others) {
        return bytes.length >= others.length && Arrays.equals(bytes, 0, others.length, others, 0, others.length);
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
