package io.vitrine.admin;

import io.vitrine.admin.ApiProblem.Violation;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The JSON object in the body of a request, read field by field. Everything that is wrong with it is told at once,
/// and so is a field that means nothing: a misspelt one must not silently do something else.
final class PostedObject {
    private static final int MAX_BYTES = 1024 * 1024;
    private static final int MAX_SKIPPED_BYTES = 16 * 1024 * 1024;
    private static final int MAX_VIOLATIONS = 100;
    private static final int MAX_DEPTH = 10;
    private static final int MAX_NUMBER_SCALE = 100;
    private static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_DEPTH)
                            .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private final JsonNode root;
    private final Set<String> known = new LinkedHashSet<>();
    private final List<Violation> violations = new ArrayList<>();

    private PostedObject(JsonNode root) {
        this.root = root;
    }

    /// Reads the whole body.
    ///
    /// @throws ApiProblem if it is no JSON object in UTF-8, or too large
    static PostedObject read(HttpServletRequest request) throws IOException {
        requireUtf8(request);
        var bytes = request.getInputStream().readNBytes(MAX_BYTES + 1);
        if (bytes.length > MAX_BYTES) {
            // Who is still writing would not read the answer, and see a broken connection instead.
            var _ = request.getInputStream().skip(MAX_SKIPPED_BYTES);
            throw ApiProblem.bodyTooLarge("A body may have %d bytes here.".formatted(MAX_BYTES));
        }
        JsonNode root;
        try {
            root = JSON.readTree(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString());
        } catch (CharacterCodingException e) {
            throw ApiProblem.badBody("The body is not UTF-8.");
        } catch (JacksonException e) {
            throw ApiProblem.badBody("The body is not JSON: " + JsonTrouble.of(e));
        }
        if (!root.isObject()) {
            throw ApiProblem.badBody("The body is no JSON object.");
        }
        return new PostedObject(root);
    }

    private static void requireUtf8(HttpServletRequest request) {
        var type = request.getContentType() == null ? null : MediaType.parseMediaType(request.getContentType());
        if (type != null && type.getCharset() != null && !type.getCharset().equals(StandardCharsets.UTF_8)) {
            throw ApiProblem.badBody("JSON is UTF-8; the content type says %s.".formatted(type.getCharset()));
        }
    }

    /// Is there a value, other than null?
    boolean has(String name) {
        known.add(name);
        return root.hasNonNull(name);
    }

    /// A string; empty if it is not given, or none.
    Optional<String> text(String name) {
        if (!has(name)) {
            return Optional.empty();
        }
        var node = root.path(name);
        if (!node.isString()) {
            violate(name, "expected a string");
            return Optional.empty();
        }
        return Optional.of(node.stringValue());
    }

    /// A whole number; empty if it is not given, or none.
    OptionalInt number(String name) {
        if (!has(name)) {
            return OptionalInt.empty();
        }
        var number = WholeNumber.find(root.path(name), Integer.MIN_VALUE, Integer.MAX_VALUE);
        if (number.isEmpty()) {
            violate(name, "expected a whole number from %d to %d".formatted(Integer.MIN_VALUE, Integer.MAX_VALUE));
            return OptionalInt.empty();
        }
        return OptionalInt.of((int) number.getAsLong());
    }

    /// Any number; empty if it is not given, or none.
    OptionalDouble decimal(String name) {
        if (!has(name)) {
            return OptionalDouble.empty();
        }
        var node = root.path(name);
        if (!node.isNumber() || isBeyondReason(node)) {
            violate(name, "expected a number");
            return OptionalDouble.empty();
        }
        return OptionalDouble.of(node.doubleValue());
    }

    boolean flag(String name, boolean fallback) {
        if (!has(name)) {
            return fallback;
        }
        var node = root.path(name);
        if (!node.isBoolean()) {
            violate(name, "expected true or false");
        }
        return node.asBoolean(fallback);
    }

    /// An object of values, in the order they are given; a number or a boolean is taken as its text, null is null.
    Map<String, @Nullable String> values(String name) {
        var values = new LinkedHashMap<String, @Nullable String>();
        if (!has(name)) {
            return values;
        }
        var node = root.path(name);
        if (!node.isObject()) {
            violate(name, "expected an object");
            return values;
        }
        for (var property : node.properties()) {
            var value = property.getValue();
            if (value.isContainer() || isBeyondReason(value)) {
                violate(name + "." + QueryParameters.echo(property.getKey()), "expected a string");
            } else {
                values.put(property.getKey(), scalar(value));
            }
        }
        return values;
    }

    private static @Nullable String scalar(JsonNode value) {
        if (value.isNull()) {
            return null;
        }
        if (!value.isNumber()) {
            return value.asString();
        }
        var whole = WholeNumber.find(value);
        return whole.isPresent()
                ? Long.toString(whole.getAsLong())
                : value.decimalValue().toPlainString();
    }

    /// A short number can have a billion digits when it is written out, such as `1e999999999`.
    private static boolean isBeyondReason(JsonNode value) {
        return value.isBigDecimal() && Math.abs((long) value.decimalValue().scale()) > MAX_NUMBER_SCALE;
    }

    /// Strings.
    List<String> list(String name) {
        var list = new ArrayList<String>();
        if (!has(name)) {
            return list;
        }
        var node = root.path(name);
        if (!node.isArray()) {
            violate(name, "expected an array of strings");
            return list;
        }
        for (int i = 0; i < node.size(); i++) {
            if (node.get(i).isString()) {
                list.add(node.get(i).stringValue());
            } else {
                violate("%s[%d]".formatted(name, i), "expected a string");
            }
        }
        return list;
    }

    /// Notes what is wrong with a field, for [#requireSound].
    void violate(String name, String message) {
        if (violations.size() < MAX_VIOLATIONS) {
            violations.add(new Violation(name, message));
        }
    }

    /// To be called when all fields have been read.
    ///
    /// @throws ApiProblem if anything was wrong with them
    void requireSound() {
        root.propertyNames().stream()
                .filter(name -> !known.contains(name))
                .forEach(name -> violate(QueryParameters.echo(name), "is none of " + String.join(", ", known)));
        if (!violations.isEmpty()) {
            throw ApiProblem.badFields(violations);
        }
    }
}
