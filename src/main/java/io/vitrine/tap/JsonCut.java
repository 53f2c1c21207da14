package io.vitrine.tap;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;

/// Makes JSON as short as is wanted, so that it still is JSON: what comes first stays, texts lose their ends, arrays
/// and objects their last elements.
final class JsonCut {
    // Quotes, colon, comma.
    private static final int PUNCTUATION = 4;

    private int left;
    private boolean cut;

    private JsonCut(int maxChars) {
        left = maxChars;
    }

    /// @param truncated was anything left out?
    record Result(String json, boolean truncated) {}

    static Result of(JsonNode node, int maxChars) {
        var cutter = new JsonCut(maxChars);
        var shown = cutter.shorten(node);
        return new Result(shown.toString(), cutter.cut);
    }

    private JsonNode shorten(JsonNode node) {
        if (node instanceof ObjectNode object) {
            return shorten(object);
        }
        if (node instanceof ArrayNode array) {
            return shorten(array);
        }
        var text = node.asText();
        left -= text.length() + PUNCTUATION;
        if (left >= 0 || !(node.isTextual() || node.isBinary())) {
            return node;
        }
        cut = true;
        int keep = Math.max(0, text.length() + left);
        // Half a character would be none.
        if (keep > 0 && Character.isHighSurrogate(text.charAt(keep - 1))) {
            keep--;
        }
        left = 0;
        return TextNode.valueOf(text.substring(0, keep) + "…");
    }

    private ObjectNode shorten(ObjectNode object) {
        var shown = JsonNodeFactory.instance.objectNode();
        for (var field : object.properties()) {
            if (left <= 0) {
                cut = true;
                break;
            }
            left -= field.getKey().length() + PUNCTUATION;
            shown.set(field.getKey(), shorten(field.getValue()));
        }
        return shown;
    }

    private ArrayNode shorten(ArrayNode array) {
        var shown = JsonNodeFactory.instance.arrayNode();
        for (var element : array) {
            if (left <= 0) {
                cut = true;
                break;
            }
            shown.add(shorten(element));
        }
        return shown;
    }
}
