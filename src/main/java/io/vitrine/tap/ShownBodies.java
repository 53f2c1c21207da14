package io.vitrine.tap;

import com.fasterxml.jackson.databind.JsonNode;
import org.apache.kafka.common.protocol.ApiMessage;
import org.jspecify.annotations.Nullable;

/// A request and its answer as JSON, without records and without what somebody could log in with.
///
/// @param request null if there is none to show
/// @param response null if there is none to show, or there was no answer
/// @param truncated are they shorter than they were?
/// @param undecoded why something is not shown that was there; null if all is
public record ShownBodies(
        @Nullable String request,
        @Nullable String response,
        boolean truncated,
        @Nullable String undecoded) {
    private static final String NOT_KEPT = "larger than %d bytes, or from before somebody followed with bodies"
            .formatted(RecentExchanges.MAX_BODY_BYTES);

    /// What there is of an exchange.
    ///
    /// @param maxChars of each of both
    public static ShownBodies of(Exchange exchange, int maxChars) {
        var request = exchange.request();
        if (request == null) {
            return new ShownBodies(null, null, false, NOT_KEPT);
        }
        var redaction = new Redaction(exchange.apiKey());
        var asked = new Part(request, exchange, redaction, maxChars);
        var answer = exchange.response();
        if (asked.undecoded != null) {
            // Its secrets are not known, and the answer may repeat them.
            return new ShownBodies(null, null, false, asked.undecoded);
        }
        if (answer == null) {
            return new ShownBodies(asked.json, null, asked.truncated, exchange.responseBytes() > 0 ? NOT_KEPT : null);
        }
        var answered = new Part(answer, exchange, redaction, maxChars);
        return new ShownBodies(asked.json, answered.json, asked.truncated || answered.truncated, answered.undecoded);
    }

    /// One of both.
    private static final class Part {
        private @Nullable String json;
        private boolean truncated;
        private @Nullable String undecoded;

        Part(ApiMessage message, Exchange exchange, Redaction redaction, int maxChars) {
            try {
                JsonNode body = MessageJson.of(message, exchange.version());
                redaction.apply(body);
                var shown = JsonCut.of(body, maxChars);
                json = shown.json();
                truncated = shown.truncated();
            } catch (UndecodedException e) {
                undecoded = e.getMessage();
            }
        }
    }
}
