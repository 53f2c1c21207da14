package io.vitrine.server;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.vitrine.protocol.Closing;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/// Bytes where the length of a request belongs, and which can't be one: whose are they?
final class ForeignBytes {
    private static final int MOST_SHOWN = 32;
    private static final int LENGTH_BYTES = 4;
    private static final Set<String> HTTP =
            Set.of("GET ", "HEAD", "POST", "PUT ", "DELE", "OPTI", "PATC", "CONN", "PRI ");
    // A record of the type handshake, then the major version.
    private static final int TLS_HANDSHAKE = 0x1603;

    private ForeignBytes() {}

    /// @param length what the bytes amount to as a length
    /// @param rest what follows them
    static BadFrameException explain(int length, ByteBuf rest, int maxFrameBytes) {
        var first = ByteBuffer.allocate(LENGTH_BYTES).putInt(0, length).array();
        var text = new String(first, StandardCharsets.ISO_8859_1);
        var bytes = ByteBufUtil.hexDump(first)
                + ByteBufUtil.hexDump(
                        rest, rest.readerIndex(), Math.min(MOST_SHOWN - LENGTH_BYTES, rest.readableBytes()));
        if (HTTP.contains(text)) {
            return new BadFrameException(
                    Closing.HTTP_REQUEST,
                    "a request length of %d (as text \"%s\"): this is an HTTP request; this port speaks Kafka's protocol, not HTTP"
                            .formatted(length, text),
                    bytes);
        }
        if (length >>> Short.SIZE == TLS_HANDSHAKE) {
            return new BadFrameException(
                    Closing.TLS_HANDSHAKE, "this is a TLS handshake; this listener is plaintext", bytes);
        }
        return new BadFrameException(
                Closing.BAD_FRAME,
                "a request length of %d%s; allowed are %d to %d"
                        .formatted(length, asText(text), FrameAssembler.MIN_FRAME_BYTES, maxFrameBytes),
                bytes);
    }

    /// Four letters may tell a person what was sent.
    private static String asText(String four) {
        return four.chars().allMatch(letter -> letter >= ' ' && letter <= '~')
                ? " (as text \"%s\")".formatted(four)
                : "";
    }
}
