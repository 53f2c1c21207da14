package io.vitrine.wire;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;

/// Reads annotated hex files: bytes in hex, `#` to the end of the line for people, and in conversations the lines
/// `>> request` and `<< answer`.
final class HexFile {
    private static final String REQUEST = ">> request";
    private static final String ANSWER = "<< answer";

    private HexFile() {}

    /// A request and the answer to it, each with its length in front.
    record Exchange(ByteBuffer request, ByteBuffer answer) {}

    /// The bytes of a file that holds nothing else.
    static byte[] bytes(String name) {
        return parse(String.join("\n", lines(name)));
    }

    static List<Exchange> conversation(String name) {
        var exchanges = new ArrayList<Exchange>();
        for (var exchange : String.join("\n", lines(name)).split(REQUEST, -1)) {
            if (!exchange.isBlank()) {
                var halves = exchange.split(ANSWER, 2);
                exchanges.add(new Exchange(ByteBuffer.wrap(parse(halves[0])), ByteBuffer.wrap(parse(halves[1]))));
            }
        }
        return exchanges;
    }

    private static List<String> lines(String name) {
        try (var resource = HexFile.class.getResourceAsStream("/wire/" + name + ".hex")) {
            var text = Objects.requireNonNull(resource, name).readAllBytes();
            return new String(text, StandardCharsets.UTF_8)
                    .lines()
                    .map(line -> line.replaceFirst("#.*", ""))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] parse(String hex) {
        return HexFormat.of().parseHex(hex.replaceAll("\\s", ""));
    }
}
