package io.vitrine.inspect;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;

/// Chooses how bytes are shown. What can't be shown as asked is shown as `auto` would; the payload names the format
/// it came to, so nothing is made up and nothing is lost.
public final class PayloadText {
    private PayloadText() {}

    static Payload of(Excerpt excerpt, PayloadFormat wanted) {
        return switch (wanted) {
            case NONE -> new Payload.Omitted(excerpt.sizeInBytes());
            case BASE64 -> base64(excerpt);
            case HEX -> text(PayloadFormat.HEX, HexFormat.of().formatHex(excerpt.bytes()), excerpt);
            case JSON -> json(excerpt, false).or(() -> readable(excerpt)).orElseGet(() -> base64(excerpt));
            case UTF8 ->
                utf8(excerpt)
                        .<Payload>map(data -> text(PayloadFormat.UTF8, data, excerpt))
                        .orElseGet(() -> base64(excerpt));
            case AUTO -> json(excerpt, true).or(() -> readable(excerpt)).orElseGet(() -> base64(excerpt));
        };
    }

    /// The text, if all of it is valid UTF-8; a character cut off at the end of an excerpt is left out.
    static Optional<String> utf8(Excerpt excerpt) {
        var text = CharBuffer.allocate(excerpt.bytes().length);
        var result = StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(excerpt.bytes()), text, !excerpt.isTruncated());
        return result.isError() ? Optional.empty() : Optional.of(text.flip().toString());
    }

    /// Text that people can read. Eight bytes of a number are often valid UTF-8, but nobody reads them as such.
    static Optional<String> readableText(Excerpt excerpt) {
        return utf8(excerpt).filter(text -> text.chars().noneMatch(PayloadText::isControl));
    }

    /// The text that `bytes` are, if people can read it.
    public static Optional<String> findReadable(byte[] bytes) {
        return readableText(Excerpt.whole(bytes));
    }

    private static Optional<Payload> readable(Excerpt excerpt) {
        return readableText(excerpt).map(data -> text(PayloadFormat.UTF8, data, excerpt));
    }

    private static Optional<Payload> json(Excerpt excerpt, boolean containersOnly) {
        if (excerpt.isTruncated() || (containersOnly && !looksLikeContainer(excerpt.bytes()))) {
            return Optional.empty();
        }
        return utf8(excerpt).flatMap(CompactJson::of).map(json -> new Payload.Json(json, excerpt.sizeInBytes()));
    }

    // A look at the first byte spares most text the parser.
    private static boolean looksLikeContainer(byte[] bytes) {
        for (byte b : bytes) {
            if (b > ' ') {
                return b == '{' || b == '[';
            }
        }
        return false;
    }

    private static Payload base64(Excerpt excerpt) {
        return text(PayloadFormat.BASE64, Base64.getEncoder().encodeToString(excerpt.bytes()), excerpt);
    }

    private static Payload text(PayloadFormat format, String data, Excerpt excerpt) {
        return new Payload.Text(format, data, excerpt.sizeInBytes(), excerpt.isTruncated());
    }

    private static boolean isControl(int character) {
        return Character.isISOControl(character) && character != '\t' && character != '\n' && character != '\r';
    }
}
