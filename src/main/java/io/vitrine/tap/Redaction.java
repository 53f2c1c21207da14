package io.vitrine.tap;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vitrine.definition.BrokerConfigs;
import io.vitrine.definition.TopicConfigs;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.protocol.ApiKeys;

/// Takes out of the JSON of one request and its answer what somebody could log in with. What might be a secret is
/// taken for one: so is the value of a config that nobody knows, and what was hidden is hidden in the messages of
/// errors too, which like to repeat it.
final class Redaction {
    static final String HIDDEN = "(hidden)";

    private static final Set<String> SECRET_FIELDS =
            Set.of("authBytes", "salt", "saltedPassword", "hmac", "tokenId", "password");
    private static final int TOPIC = 2;
    private static final int BROKER = 4;
    private static final int BROKER_LOGGER = 8;
    private static final int CLIENT_METRICS = 16;
    private static final int GROUP = 32;
    private static final Set<String> LEVELS = Set.of("TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL", "OFF");
    private static final Set<String> CLIENT_METRICS_CONFIGS = Set.of("interval.ms", "metrics", "match");
    private static final Set<String> GROUP_CONFIG_PREFIXES = Set.of("consumer.", "share.", "streams.");

    private final ApiKeys api;
    private final Set<String> secrets = new HashSet<>();

    Redaction(ApiKeys api) {
        this.api = api;
    }

    /// Of the request first, then of the answer.
    void apply(JsonNode body) {
        hideFields(body);
        switch (api) {
            case CREATE_TOPICS -> body.path("topics").forEach(topic -> hideConfigs(topic.path("configs"), TOPIC));
            case ALTER_CONFIGS, INCREMENTAL_ALTER_CONFIGS ->
                body.path("resources").forEach(resource -> hideConfigs(resource.path("configs"), typeOf(resource)));
            case DESCRIBE_CONFIGS ->
                body.path("results").forEach(resource -> hideConfigs(resource.path("configs"), typeOf(resource)));
            case STREAMS_GROUP_HEARTBEAT, STREAMS_GROUP_DESCRIBE -> hideTopology(body);
            default -> {
                // Others speak of no configs.
            }
        }
        if (!secrets.isEmpty()) {
            hideInMessages(body);
        }
    }

    private static int typeOf(JsonNode resource) {
        return resource.path("resourceType").asInt();
    }

    private void hideFields(JsonNode node) {
        if (node instanceof ObjectNode object) {
            for (var name : names(object)) {
                var value = object.get(name);
                if (SECRET_FIELDS.contains(name)) {
                    object.put(name, HIDDEN);
                } else {
                    hideFields(value);
                }
            }
        } else if (node instanceof ArrayNode array) {
            array.forEach(this::hideFields);
        }
    }

    private void hideConfigs(JsonNode configs, int resourceType) {
        for (var config : configs) {
            if (config instanceof ObjectNode object) {
                var name = object.path("name").asText();
                var value = object.path("value").asText();
                if (object.path("isSensitive").asBoolean() || !isHarmless(resourceType, name, value)) {
                    hide(object, "value");
                    object.path("synonyms").forEach(synonym -> hide((ObjectNode) synonym, "value"));
                }
            }
        }
    }

    /// The topics of a topology may have configs, written as keys and values.
    private void hideTopology(JsonNode node) {
        for (var config : node.path("topicConfigs")) {
            if (config instanceof ObjectNode object
                    && TopicConfigs.isSensitive(object.path("key").asText())) {
                hide(object, "value");
            }
        }
        node.forEach(this::hideTopology);
    }

    private void hide(ObjectNode object, String field) {
        var value = object.get(field);
        if (value != null && !value.isNull()) {
            if (!value.asText().isEmpty()) {
                secrets.add(value.asText());
            }
            object.put(field, HIDDEN);
        }
    }

    private static boolean isHarmless(int resourceType, String name, String value) {
        return switch (resourceType) {
            case TOPIC -> !TopicConfigs.isSensitive(name);
            case BROKER -> !BrokerConfigs.isSensitive(name);
            case BROKER_LOGGER -> LEVELS.contains(value);
            case CLIENT_METRICS -> CLIENT_METRICS_CONFIGS.contains(name);
            case GROUP -> GROUP_CONFIG_PREFIXES.stream().anyMatch(name::startsWith);
            default -> false;
        };
    }

    private void hideInMessages(JsonNode node) {
        if (node instanceof ObjectNode object) {
            for (var name : names(object)) {
                var value = object.get(name);
                if (name.equals("errorMessage") && value.isTextual()) {
                    object.put(name, withoutSecrets(value.asText()));
                } else {
                    hideInMessages(value);
                }
            }
        } else {
            node.forEach(this::hideInMessages);
        }
    }

    private String withoutSecrets(String message) {
        // Longer ones first, as one may be a part of another.
        var longestFirst = secrets.stream()
                .sorted(Comparator.comparingInt(String::length).reversed())
                .toList();
        var text = message;
        for (var secret : longestFirst) {
            text = text.replace(secret, HIDDEN);
        }
        return text;
    }

    private static List<String> names(ObjectNode object) {
        var names = new ArrayList<String>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }
}
