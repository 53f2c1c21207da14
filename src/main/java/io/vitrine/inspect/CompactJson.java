package io.vitrine.inspect;

import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/// Tells whether text is JSON and puts it on one line, so that it can stand inside another document or be a line of
/// its own. No tree is built, and numbers stay the digits they were: an id above 2^53 must not change on its way.
final class CompactJson {
    private static final JsonFactory FACTORY = new JsonFactory();

    private CompactJson() {}

    /// The text on one line; empty if it is not exactly one JSON value.
    static Optional<String> of(String text) {
        var compact = new StringWriter();
        try (var parser = FACTORY.createParser(ObjectReadContext.empty(), text);
                var generator = FACTORY.createGenerator(ObjectWriteContext.empty(), compact)) {
            if (!copyOnlyValue(parser, generator)) {
                return Optional.empty();
            }
        } catch (JacksonException e) {
            // The answer to "is it JSON" is no.
            return Optional.empty();
        }
        return Optional.of(compact.toString()).filter(CompactJson::isUnicode);
    }

    private static boolean copyOnlyValue(JsonParser parser, JsonGenerator generator) {
        int values = 0;
        for (var token = parser.nextToken(); token != null; token = parser.nextToken()) {
            if (generator.streamWriteContext().inRoot() && ++values > 1) {
                return false;
            }
            if (token == JsonToken.VALUE_NUMBER_INT || token == JsonToken.VALUE_NUMBER_FLOAT) {
                generator.writeNumber(parser.getString());
            } else {
                generator.copyCurrentEvent(parser);
            }
        }
        return values == 1;
    }

    // JSON can spell half a surrogate pair, which no encoder can write.
    private static boolean isUnicode(String text) {
        return StandardCharsets.UTF_8.newEncoder().canEncode(text);
    }
}
