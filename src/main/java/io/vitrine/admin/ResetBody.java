package io.vitrine.admin;

import io.vitrine.admin.ApiProblem.Violation;
import io.vitrine.group.ResetTarget;
import io.vitrine.metadata.Topic;
import java.io.IOException;
import java.io.InputStream;
import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What is to be reset, and to where: everything that is committed, or what is named.
/// ```
///   {"to":"earliest"}
///   {"offsets":[{"topic":"orders","to":"latest"},{"topic":"payments","partition":3,"to":"shift:-10"}]}
/// ```
/// Everything that is wrong with it is told at once.
final class ResetBody {
    private static final int MAX_BYTES = 1024 * 1024;
    private static final int MAX_VIOLATIONS = 100;
    private static final String FORMS =
            "earliest, latest, offset:<number>, timestamp:<milliseconds or ISO 8601> or shift:<±number>";
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private final List<Violation> violations = new ArrayList<>();

    /// One thing to reset.
    ///
    /// @param topic null for everything that is committed
    /// @param partition null for all of the topic
    record Wish(@Nullable String topic, @Nullable Integer partition, ResetTarget target) {}

    private ResetBody() {}

    /// @throws ApiProblem if the body can't be used
    static List<Wish> read(InputStream body) throws IOException {
        var bytes = body.readNBytes(MAX_BYTES + 1);
        if (bytes.length > MAX_BYTES) {
            throw ApiProblem.bodyTooLarge("A body may have %d bytes here.".formatted(MAX_BYTES));
        }
        JsonNode root;
        try {
            root = JSON.readTree(bytes);
        } catch (JacksonException e) {
            throw ApiProblem.badBody("The body is not JSON: " + JsonTrouble.of(e));
        }
        var reading = new ResetBody();
        var wishes = reading.wishes(root);
        if (!reading.violations.isEmpty()) {
            throw ApiProblem.badFields(reading.violations);
        }
        return wishes;
    }

    private List<Wish> wishes(JsonNode root) {
        if (!root.isObject() || root.has("to") == root.has("offsets")) {
            violate("", "expected an object with either 'to' or 'offsets'");
            return List.of();
        }
        refuseOthers("", root, Set.of("to", "offsets"));
        if (root.has("to")) {
            return target("to", root.path("to")).map(to -> new Wish(null, null, to)).stream()
                    .toList();
        }
        var offsets = root.path("offsets");
        if (!offsets.isArray() || offsets.isEmpty()) {
            violate("offsets", "expected an array of objects with 'topic', 'to' and perhaps 'partition'");
            return List.of();
        }
        var wishes = new ArrayList<Wish>();
        for (int i = 0; i < offsets.size() && violations.size() < MAX_VIOLATIONS; i++) {
            wish("offsets[%d]".formatted(i), offsets.get(i)).ifPresent(wishes::add);
        }
        return wishes;
    }

    private Optional<Wish> wish(String name, JsonNode node) {
        if (!node.isObject()) {
            violate(name, "expected an object with 'topic', 'to' and perhaps 'partition'");
            return Optional.empty();
        }
        refuseOthers(name + ".", node, Set.of("topic", "partition", "to"));
        var topic = node.path("topic");
        boolean legal = topic.isString() && Topic.isLegal(topic.stringValue());
        if (!legal) {
            violate(name + ".topic", "expected the name of a topic");
        }
        boolean all = !node.has("partition");
        var partition = WholeNumber.find(node.path("partition"), 0, Integer.MAX_VALUE);
        boolean number = all || partition.isPresent();
        if (!number) {
            violate(name + ".partition", "expected a whole number from 0 on, or nothing for all partitions");
        }
        var to = target(name + ".to", node.path("to"));
        return legal && number
                ? to.map(target -> new Wish(topic.stringValue(), all ? null : (int) partition.getAsLong(), target))
                : Optional.empty();
    }

    private Optional<ResetTarget> target(String name, JsonNode node) {
        var target = node.isString() ? parse(node.stringValue()) : Optional.<ResetTarget>empty();
        if (target.isEmpty()) {
            violate(name, "'%s' is none of %s".formatted(QueryParameters.echo(node.asString("")), FORMS));
        }
        return target;
    }

    private static Optional<ResetTarget> parse(String text) {
        int colon = text.indexOf(':');
        var word = colon < 0 ? text : text.substring(0, colon);
        var rest = colon < 0 ? "" : text.substring(colon + 1);
        try {
            return switch (word) {
                case "earliest" -> colon < 0 ? Optional.of(new ResetTarget.Earliest()) : Optional.empty();
                case "latest" -> colon < 0 ? Optional.of(new ResetTarget.Latest()) : Optional.empty();
                case "offset" -> Optional.of(new ResetTarget.Offset(notNegative(rest)));
                case "timestamp" -> Optional.of(new ResetTarget.Time(time(rest)));
                case "shift" -> Optional.of(new ResetTarget.Shift(Long.parseLong(rest)));
                default -> Optional.empty();
            };
        } catch (NumberFormatException | DateTimeException e) {
            return Optional.empty();
        }
    }

    private static long time(String text) {
        return text.matches("\\d+") ? notNegative(text) : Mark.time(text).timestamp();
    }

    private static long notNegative(String text) {
        long number = Long.parseLong(text);
        if (number < 0) {
            throw new NumberFormatException(text);
        }
        return number;
    }

    private void refuseOthers(String prefix, JsonNode node, Set<String> known) {
        node.propertyNames().stream()
                .filter(name -> !known.contains(name))
                .limit(MAX_VIOLATIONS)
                .forEach(name -> violate(
                        prefix + QueryParameters.echo(name),
                        "is none of "
                                + String.join(", ", known.stream().sorted().toList())));
    }

    private void violate(String name, String message) {
        violations.add(new Violation(name, message));
    }
}
