package io.vitrine.admin;

import io.vitrine.inspect.PayloadFormat;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/// A key or a value as it stands in JSON, before its format is known.
///
/// @param text set for a string
/// @param json on one line; null for null
record PostedPayload(@Nullable String text, @Nullable String json) {
    static final PostedPayload NULL = new PostedPayload(null, null);

    /// The bytes it stands for; null for null.
    ///
    /// @throws IllegalArgumentException if it can't be read in that format; the message says why
    byte @Nullable [] bytes(PayloadFormat format) {
        if (json == null) {
            return null;
        }
        return switch (format) {
            case AUTO -> utf8(text == null ? json : text);
            case JSON -> utf8(json);
            case UTF8 -> utf8(requireText(format));
            case BASE64 -> base64(requireText(format));
            case HEX -> HexFormat.of().parseHex(requireText(format));
            case NONE -> throw new IllegalArgumentException("'none' is no format to write in");
        };
    }

    private String requireText(PayloadFormat format) {
        if (text == null) {
            throw new IllegalArgumentException("has to be a string to be read as " + format.label());
        }
        return text;
    }

    private static byte[] base64(String text) {
        try {
            return Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("is not base64: " + e.getMessage(), e);
        }
    }

    // JSON can spell half a surrogate pair, of which nothing but a question mark would be left.
    private static byte[] utf8(String text) {
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
            throw new IllegalArgumentException("holds half a character (an unpaired surrogate)");
        }
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
