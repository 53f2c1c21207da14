package io.vitrine.log;

import java.nio.ByteBuffer;
import java.util.Arrays;

/// A file as it may be found: cut off at any byte, with any bit turned over.
final class Damage {
    private Damage() {}

    interface Reader {
        void read(ByteBuffer file) throws Exception;
    }

    static void each(ByteBuffer file, Reader reader) {
        eachCut(file, reader);
        eachFlip(file, reader);
    }

    static void eachCut(ByteBuffer file, Reader reader) {
        var whole = bytes(file);
        for (int length = 0; length < whole.length; length++) {
            read(reader, Arrays.copyOf(whole, length), "cut at byte " + length);
        }
    }

    static void eachFlip(ByteBuffer file, Reader reader) {
        for (int bit = 0; bit < file.limit() * Byte.SIZE; bit++) {
            var bytes = bytes(file);
            bytes[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
            read(reader, bytes, "bit %d of byte %d flipped".formatted(bit % Byte.SIZE, bit / Byte.SIZE));
        }
    }

    private static byte[] bytes(ByteBuffer file) {
        var bytes = new byte[file.limit()];
        file.get(0, bytes);
        return bytes;
    }

    private static void read(Reader reader, byte[] bytes, String how) {
        try {
            reader.read(ByteBuffer.wrap(bytes));
        } catch (Exception e) {
            throw new AssertionError(how, e);
        }
    }
}
