package io.vitrine.admin;

import io.vitrine.metadata.FeatureUpdate;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The levels that features are to have.
/// ```
///   {"updates":[{"feature":"group.version","level":0,"upgradeType":"SAFE_DOWNGRADE"}]}
/// ```
final class FeatureBody {
    private static final int MAX_BYTES = 64 * 1024;
    private static final Set<String> FIELDS = Set.of("feature", "level", "upgradeType");
    private static final String FORM = "expected {\"updates\":[{\"feature\":<name>,\"level\":<0 to 32767>,"
            + "\"upgradeType\":<UPGRADE (default), SAFE_DOWNGRADE or UNSAFE_DOWNGRADE>}]}";
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private FeatureBody() {}

    /// @throws ApiProblem if the body can't be used
    static List<FeatureUpdate> read(InputStream body) throws IOException {
        var bytes = body.readNBytes(MAX_BYTES + 1);
        if (bytes.length > MAX_BYTES) {
            throw ApiProblem.bodyTooLarge("A body may have %d bytes here.".formatted(MAX_BYTES));
        }
        try {
            return updates(JSON.readTree(bytes));
        } catch (JacksonException e) {
            throw ApiProblem.badBody("The body is not JSON: " + JsonTrouble.of(e));
        }
    }

    private static List<FeatureUpdate> updates(JsonNode root) {
        var items = root.path("updates");
        if (!root.isObject() || root.size() != 1 || !items.isArray() || items.isEmpty()) {
            throw ApiProblem.badBody(FORM);
        }
        var updates = new ArrayList<FeatureUpdate>();
        for (var item : items) {
            updates.add(update(item));
        }
        return updates;
    }

    private static FeatureUpdate update(JsonNode item) {
        var level = WholeNumber.find(item.path("level"), 0, Short.MAX_VALUE);
        boolean sound = item.isObject()
                && FIELDS.containsAll(item.propertyNames())
                && item.path("feature").isString()
                && level.isPresent();
        if (!sound) {
            throw ApiProblem.badBody(FORM);
        }
        return new FeatureUpdate(
                item.path("feature").stringValue(), (short) level.getAsLong(), kind(item.path("upgradeType")));
    }

    private static FeatureUpdate.Kind kind(JsonNode node) {
        return switch (node.isMissingNode() ? "UPGRADE" : node.asString("")) {
            case "UPGRADE" -> FeatureUpdate.Kind.UPGRADE;
            case "SAFE_DOWNGRADE" -> FeatureUpdate.Kind.SAFE_DOWNGRADE;
            case "UNSAFE_DOWNGRADE" -> FeatureUpdate.Kind.UNSAFE_DOWNGRADE;
            default -> throw ApiProblem.badBody(FORM);
        };
    }
}
