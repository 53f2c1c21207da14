package io.vitrine.admin;

import jakarta.servlet.http.HttpServletRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.springframework.http.MediaType;

/// The bytes in the body of a request: as they are, or as text. Text is hex, with whatever stands between the digits
/// in dumps (white space, `:`, `,`, `0x`), or base64 of either alphabet.
final class PostedBytes {
    private static final int MAX_BYTES = 1024 * 1024;
    private static final int MAX_CHARS = 4 * MAX_BYTES;
    private static final int MAX_SKIPPED_BYTES = 16 * 1024 * 1024;
    private static final int NO_DIGIT = -1;

    private PostedBytes() {}

    /// @param encoding of text: `auto`, `hex` or `base64`
    /// @throws ApiProblem if it is too large, or not encoded so
    static byte[] read(HttpServletRequest request, String encoding) throws IOException {
        boolean text = MediaType.TEXT_PLAIN.isCompatibleWith(MediaType.parseMediaType(request.getContentType()));
        int max = text ? MAX_CHARS : MAX_BYTES;
        var body = request.getInputStream().readNBytes(max + 1);
        if (body.length > max) {
            // Who is still writing would not read the answer, and see a broken connection instead.
            var _ = request.getInputStream().skip(MAX_SKIPPED_BYTES);
            throw ApiProblem.bodyTooLarge("A body may have %d bytes here.".formatted(max));
        }
        if (!text) {
            return body;
        }
        var bytes = decode(new String(body, StandardCharsets.ISO_8859_1), encoding);
        if (bytes.length > MAX_BYTES) {
            throw ApiProblem.bodyTooLarge("%d bytes may be explained at once.".formatted(MAX_BYTES));
        }
        return bytes;
    }

    private static byte[] decode(String text, String encoding) {
        return switch (encoding) {
            case "hex" -> hex(text);
            case "base64" -> base64(text);
            default -> looksLikeHex(text) ? hex(text) : base64(text);
        };
    }

    private static boolean looksLikeHex(String text) {
        return text.chars().allMatch(c -> Character.digit(c, 16) != NO_DIGIT || isBetweenDigits(c) || c == 'x');
    }

    private static boolean isBetweenDigits(int character) {
        return Character.isWhitespace(character) || character == ':' || character == ',';
    }

    private static byte[] hex(String text) {
        var bytes = new ByteArrayOutputStream(text.length() / 2);
        int high = NO_DIGIT;
        for (int at = 0; at < text.length(); at++) {
            char character = text.charAt(at);
            boolean prefix = high == NO_DIGIT && text.startsWith("0x", at);
            if (prefix) {
                at++;
            } else if (!isBetweenDigits(character)) {
                int digit = digit(text, at);
                if (high != NO_DIGIT) {
                    bytes.write(high << 4 | digit);
                }
                high = high == NO_DIGIT ? digit : NO_DIGIT;
            }
        }
        if (high != NO_DIGIT) {
            throw ApiProblem.badBody("The last byte has one hex digit only.");
        }
        return bytes.toByteArray();
    }

    private static int digit(String text, int at) {
        int digit = Character.digit(text.charAt(at), 16);
        if (digit == NO_DIGIT) {
            throw ApiProblem.badBody("Character %d of the body is no hex digit.".formatted(at));
        }
        return digit;
    }

    private static byte[] base64(String text) {
        try {
            // The other decoders don't take the line breaks that `base64` makes.
            return Base64.getMimeDecoder().decode(requireAlphabet(text));
        } catch (IllegalArgumentException e) {
            throw ApiProblem.badBody("The body is not base64: " + e.getMessage());
        }
    }

    private static String requireAlphabet(String text) {
        for (int at = 0; at < text.length(); at++) {
            int character = text.charAt(at);
            boolean fits = character < 0x80
                    && (Character.isLetterOrDigit(character)
                            || Character.isWhitespace(character)
                            || "+/-_=".indexOf(character) >= 0);
            if (!fits) {
                throw ApiProblem.badBody("Character %d of the body is neither hex nor base64.".formatted(at));
            }
        }
        return text.replace('-', '+').replace('_', '/');
    }
}
