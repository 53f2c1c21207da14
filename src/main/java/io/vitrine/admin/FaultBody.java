package io.vitrine.admin;

import io.vitrine.fault.AnswerParts;
import io.vitrine.fault.Effect;
import io.vitrine.fault.Fault;
import io.vitrine.fault.Schedule;
import io.vitrine.fault.Target;
import io.vitrine.metadata.Topic;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/// A fault as somebody wishes for it.
/// ```
///   {"api":"Produce","client":"shop*","topic":"orders","partition":0,
///    "fault":{"error":"NOT_LEADER_OR_FOLLOWER"},"after":false,"everyNth":3,"count":10,"forMs":60000,"seed":1}
/// ```
final class FaultBody {
    private static final int MAX_DELAY_MS = 60_000;
    private static final int MAX_CLIENT_CHARS = 255;
    private static final String FAULT = "fault";
    private static final String FORM =
            "expected one of {\"error\":<name>}, {\"delayMs\":<1 to %d>}, {\"disconnect\":true}, {\"dropAnswer\":true}"
                    .formatted(MAX_DELAY_MS);

    private final PostedObject body;

    private FaultBody(PostedObject body) {
        this.body = body;
    }

    /// @throws ApiProblem if the body can't be used
    static Fault read(PostedObject body) {
        var reader = new FaultBody(body);
        var target = reader.target();
        var effect = reader.effect();
        boolean after = reader.after(effect);
        var schedule = reader.schedule();
        body.requireSound();
        return new Fault(target, effect, after, schedule);
    }

    private Target target() {
        var api = api();
        var client = body.text("client");
        if (client.isPresent() && (client.get().isEmpty() || client.get().length() > MAX_CLIENT_CHARS)) {
            body.violate(
                    "client",
                    "expected 1 to %d characters, an asterisk at the end for all that begin so"
                            .formatted(MAX_CLIENT_CHARS));
        }
        var topic = body.text("topic");
        if (topic.isPresent() && !Topic.isLegal(topic.get())) {
            body.violate("topic", "is no name that a topic can have");
        }
        if (topic.isPresent() && (api == null || !AnswerParts.APIS.contains(api))) {
            body.violate("topic", "means something for Produce, Fetch, ListOffsets and Metadata alone");
        }
        int partition = atLeast("partition", 0, Target.ALL_PARTITIONS);
        if (body.has("partition") && (topic.isEmpty() || api == ApiKeys.METADATA)) {
            body.violate("partition", "means nothing without topic, nor for Metadata");
        }
        return new Target(api, client.orElse(null), topic.orElse(null), partition);
    }

    private @Nullable ApiKeys api() {
        var name = body.text("api");
        if (name.isEmpty()) {
            return null;
        }
        var found = Arrays.stream(ApiKeys.values())
                .filter(api -> api.name.equalsIgnoreCase(name.get()))
                .findFirst();
        if (found.isEmpty()) {
            body.violate(
                    "api", "'%s' is none of Kafka's APIs, such as Produce".formatted(QueryParameters.echo(name.get())));
        }
        return found.orElse(null);
    }

    private Effect effect() {
        var given = body.values(FAULT);
        if (given.size() != 1) {
            body.violate(FAULT, FORM);
            return new Effect.Disconnect();
        }
        var only = given.entrySet().iterator().next();
        return effect(only).orElseGet(() -> {
            body.violate(FAULT, FORM);
            return new Effect.Disconnect();
        });
    }

    private Optional<Effect> effect(Map.Entry<String, @Nullable String> given) {
        var value = String.valueOf(given.getValue());
        return switch (given.getKey()) {
            case "error" -> error(value).map(Effect.Fail::new);
            case "delayMs" -> delay(value).map(Effect.Delay::new);
            case "disconnect" -> value.equals("true") ? Optional.of(new Effect.Disconnect()) : Optional.empty();
            case "dropAnswer" -> value.equals("true") ? Optional.of(new Effect.DropAnswer()) : Optional.empty();
            default -> Optional.empty();
        };
    }

    private Optional<Errors> error(String name) {
        var found = Arrays.stream(Errors.values())
                .filter(error -> error != Errors.NONE && error.name().equals(name.toUpperCase(Locale.ROOT)))
                .findFirst();
        if (found.isEmpty()) {
            body.violate("fault.error", "'%s' is none of Kafka's errors".formatted(QueryParameters.echo(name)));
        }
        return found;
    }

    private static Optional<Integer> delay(String text) {
        try {
            int ms = Integer.parseInt(text);
            return ms >= 1 && ms <= MAX_DELAY_MS ? Optional.of(ms) : Optional.empty();
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    /// An error mostly comes in place of what was asked for; an answer is mostly lost on its way.
    private boolean after(Effect effect) {
        boolean after = body.flag("after", !(effect instanceof Effect.Fail));
        if (!after && effect instanceof Effect.Delay) {
            // Else the requests behind it would be done before it.
            body.violate("after", "it is answers that are delayed, not requests");
        }
        return after;
    }

    private Schedule schedule() {
        int everyNth = atLeast("everyNth", 1, 1);
        double probability = body.decimal("probability").orElse(1);
        if (!(probability >= 0 && probability <= 1)) {
            body.violate("probability", "expected 0 to 1");
            probability = 1;
        }
        if (body.has("everyNth") && body.has("probability")) {
            body.violate("probability", "expected everyNth or probability, not both");
        }
        int count = atLeast("count", 1, 0);
        int forMs = atLeast("forMs", 1, 0);
        int seed = body.number("seed").orElse(0);
        return new Schedule(everyNth, probability, count, forMs, seed);
    }

    private int atLeast(String name, int min, int fallback) {
        int number = body.number(name).orElse(fallback);
        if (number < min && number != fallback) {
            body.violate(name, "expected %d or more".formatted(min));
            return fallback;
        }
        if (number == fallback && fallback < min && body.has(name)) {
            body.violate(name, "expected %d or more".formatted(min));
        }
        return number;
    }
}
