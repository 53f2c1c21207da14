package io.vitrine.admin;

import io.vitrine.inspect.PayloadFormat;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/// The fields of one JSON object as they stand there. Numbers keep their digits, whatever they mean.
final class PostedFields {
    private static final JsonFactory FACTORY = new JsonFactory();

    private final Map<String, PostedPayload> values = new HashMap<>();
    private final Map<String, List<PostedFields>> lists = new HashMap<>();
    private final List<String> complaints = new ArrayList<>();

    private PostedFields() {}

    /// Reads the object that `parser` stands at the beginning of, to its end.
    ///
    /// @param listName name of the field that is a list of further objects; null if there is none
    static PostedFields read(JsonParser parser, @Nullable String listName) {
        var fields = new PostedFields();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            var name = parser.currentName();
            boolean twice = fields.values.containsKey(name) || fields.lists.containsKey(name);
            if (twice) {
                fields.complaints.add("'%s' is given twice".formatted(QueryParameters.echo(name)));
            }
            parser.nextToken();
            if (name.equals(listName) && parser.currentToken() == JsonToken.START_ARRAY) {
                fields.lists.put(name, fields.readList(parser, name));
            } else {
                fields.values.put(name, readValue(parser));
            }
        }
        return fields;
    }

    /// What is wrong with its form.
    List<String> complaints() {
        return complaints;
    }

    /// The names of all its fields.
    List<String> names() {
        var names = new ArrayList<>(values.keySet());
        names.addAll(lists.keySet());
        return names;
    }

    /// A value; null in JSON if it is not given.
    PostedPayload value(String name) {
        return values.getOrDefault(name, PostedPayload.NULL);
    }

    /// Is there a value, other than null?
    boolean has(String name) {
        return value(name).json() != null;
    }

    /// The objects of a list; none if it is not given.
    List<PostedFields> list(String name) {
        return lists.getOrDefault(name, List.of());
    }

    /// The text of a value.
    ///
    /// @throws IllegalArgumentException if it is no string
    String text(String name) {
        var text = value(name).text();
        if (text == null) {
            throw new IllegalArgumentException("has to be a string");
        }
        return text;
    }

    /// A format; `fallback` if it is not given.
    ///
    /// @throws IllegalArgumentException if it is none
    PayloadFormat format(String name, PayloadFormat fallback) {
        if (!has(name)) {
            return fallback;
        }
        var label = text(name);
        return PayloadFormat.find(label)
                .filter(format -> format != PayloadFormat.NONE)
                .orElseThrow(() -> new IllegalArgumentException(
                        "'%s' is none of auto, json, utf8, base64, hex".formatted(QueryParameters.echo(label))));
    }

    private List<PostedFields> readList(JsonParser parser, String name) {
        var list = new ArrayList<PostedFields>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (parser.currentToken() == JsonToken.START_OBJECT) {
                list.add(read(parser, null));
            } else {
                complaints.add("'%s' holds something else than objects".formatted(name));
                parser.skipChildren();
            }
        }
        return list;
    }

    private static PostedPayload readValue(JsonParser parser) {
        if (parser.currentToken() == JsonToken.VALUE_NULL) {
            return PostedPayload.NULL;
        }
        var text = parser.currentToken() == JsonToken.VALUE_STRING ? parser.getString() : null;
        return new PostedPayload(text, copy(parser));
    }

    /// The value that `parser` stands at, on one line; `parser` stands at its end then.
    private static String copy(JsonParser parser) {
        var text = new StringWriter();
        try (var generator = FACTORY.createGenerator(ObjectWriteContext.empty(), text)) {
            int depth = 0;
            for (var token = parser.currentToken(); ; token = parser.nextToken()) {
                if (token == JsonToken.VALUE_NUMBER_INT || token == JsonToken.VALUE_NUMBER_FLOAT) {
                    generator.writeNumber(parser.getString());
                } else {
                    generator.copyCurrentEvent(parser);
                }
                depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
                if (depth == 0) {
                    break;
                }
            }
        }
        return text.toString();
    }
}
