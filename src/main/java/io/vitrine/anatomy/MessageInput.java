package io.vitrine.anatomy;

import java.nio.ByteBuffer;

/// The bytes of a message, read forwards. No more is taken than there is, whatever a length claims.
final class MessageInput {
    private static final int MAX_VARINT_BYTES = 5;

    private final ByteBuffer bytes;

    /// @param bytes all of them, read from the first one
    MessageInput(ByteBuffer bytes) {
        this.bytes = bytes.duplicate().rewind();
    }

    int position() {
        return bytes.position();
    }

    int remaining() {
        return bytes.remaining();
    }

    /// The bytes from `start` up to here.
    ByteBuffer since(int start) {
        return bytes.slice(start, bytes.position() - start);
    }

    /// Passes over `count` bytes and gives them.
    ///
    /// @param what they are
    ByteBuffer take(int count, String what) throws MalformedMessageException {
        if (count > bytes.remaining()) {
            throw new MalformedMessageException(
                    bytes.limit(),
                    "%s at byte %d has %d bytes, of which %d are there"
                            .formatted(what, bytes.position(), count, bytes.remaining()));
        }
        var taken = bytes.slice(bytes.position(), count);
        bytes.position(bytes.position() + count);
        return taken;
    }

    /// An unsigned integer of seven bits a byte, low ones first.
    long takeUnsignedVarint(String what) throws MalformedMessageException {
        int start = bytes.position();
        long value = 0;
        for (int i = 0; i < MAX_VARINT_BYTES; i++) {
            byte next = take(1, what).get(0);
            value |= (next & 0x7fL) << (7 * i);
            if (next >= 0) {
                return requireInteger(start, value, what);
            }
        }
        throw new MalformedMessageException(
                start, "%s: a variable-length integer has more than %d bytes".formatted(what, MAX_VARINT_BYTES));
    }

    private static long requireInteger(int start, long value, String what) throws MalformedMessageException {
        if (value > 0xffff_ffffL) {
            throw new MalformedMessageException(start, "%s: %d has more than 32 bits".formatted(what, value));
        }
        return value;
    }
}
