package io.vitrine.admin;

import io.vitrine.metadata.MetadataService;
import io.vitrine.metadata.Topic;
import io.vitrine.tap.ExchangeFilter;
import io.vitrine.tap.ExchangeFilter.Wanted;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/// The conditions that requests have to meet to be shown, as a query gives them.
final class ExchangeQuery {
    private static final int MAX_SLOWER_THAN_MS = 86_400_000;

    private final QueryParameters parameters;
    private final MetadataService metadata;

    ExchangeQuery(QueryParameters parameters, MetadataService metadata) {
        this.parameters = parameters;
        this.metadata = metadata;
    }

    /// What is wrong with it is noted in the parameters.
    ExchangeFilter filter() {
        var connection = parameters.findOffset("connection");
        return new ExchangeFilter(
                parameters.text("client").orElse(null),
                parameters.text("api").flatMap(this::api).orElse(null),
                parameters.text("topic").orElse(null),
                name -> metadata.image().findTopic(name).map(Topic::id).orElse(null),
                parameters.text("error").flatMap(this::error).orElse(null),
                TimeUnit.MILLISECONDS.toNanos(parameters.number("slowerThanMs", 0, 0, MAX_SLOWER_THAN_MS)),
                connection.isPresent() ? (Long) connection.getAsLong() : null);
    }

    /// By Kafka's name for it, whatever the case, or its number.
    private Optional<ApiKeys> api(String text) {
        var found = Arrays.stream(ApiKeys.values())
                .filter(api -> api.name.equalsIgnoreCase(text)
                        || api.name().equalsIgnoreCase(text)
                        || String.valueOf(api.id).equals(text))
                .findFirst();
        if (found.isEmpty()) {
            parameters.violate("api", "'%s' is the name or number of no API".formatted(QueryParameters.echo(text)));
        }
        return found;
    }

    private Optional<Wanted> error(String text) {
        var wanted =
                switch (text.toLowerCase(Locale.ROOT)) {
                    case "any" -> new Wanted.Any();
                    case "none" -> new Wanted.None();
                    default -> code(text);
                };
        if (wanted == null) {
            parameters.violate(
                    "error",
                    "'%s' is neither any nor none, nor the name or number of an error"
                            .formatted(QueryParameters.echo(text)));
        }
        return Optional.ofNullable(wanted);
    }

    private static @Nullable Wanted code(String text) {
        return Arrays.stream(Errors.values())
                .filter(error -> error != Errors.NONE)
                .filter(error -> error.name().equalsIgnoreCase(text)
                        || String.valueOf(error.code()).equals(text))
                .findFirst()
                .map(error -> new Wanted.Code(error.code()))
                .orElse(null);
    }
}
