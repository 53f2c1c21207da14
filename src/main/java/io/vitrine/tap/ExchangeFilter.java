package io.vitrine.tap;

import java.util.function.Function;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.ApiKeys;
import org.jspecify.annotations.Nullable;

/// Which exchanges somebody wants to see; all conditions that are given have to hold.
///
/// @param clientId the whole id, or how it begins, with `*` behind it
/// @param topic a name, or an id as text
/// @param ids the id of a topic, by its name, as of now
/// @param slowerThanNanos from the reading of the request to the client's having taken the answer
/// @param connection its id
public record ExchangeFilter(
        @Nullable String clientId,
        @Nullable ApiKeys api,
        @Nullable String topic,
        Function<String, @Nullable Uuid> ids,
        @Nullable Wanted error,
        long slowerThanNanos,
        @Nullable Long connection) {
    private static final String PREFIX = "*";

    /// What is wanted of the errors in an answer.
    public sealed interface Wanted {
        /// Any error, or no answer because the connection was closed.
        record Any() implements Wanted {}

        /// None at all.
        record None() implements Wanted {}

        /// This one.
        record Code(short code) implements Wanted {}
    }

    /// Everything passes.
    public static ExchangeFilter all() {
        return new ExchangeFilter(null, null, null, _ -> null, null, 0, null);
    }

    public boolean matches(Exchange exchange) {
        return (api == null || api == exchange.apiKey())
                && (connection == null || connection == exchange.caller().id())
                && (slowerThanNanos == 0 || exchange.times().totalNanos() > slowerThanNanos)
                && (clientId == null || matchesClient(clientId, exchange.clientId()))
                && (error == null || matchesError(exchange, error))
                && (topic == null || matchesTopic(exchange, topic));
    }

    private static boolean matchesClient(String wanted, String clientId) {
        return wanted.endsWith(PREFIX)
                ? clientId.startsWith(wanted.substring(0, wanted.length() - PREFIX.length()))
                : clientId.equals(wanted);
    }

    private static boolean matchesError(Exchange exchange, Wanted wanted) {
        boolean failed = exchange.mentions().errorCount() > 0 || exchange.end() == Exchange.End.CLOSED;
        return switch (wanted) {
            case Wanted.Any() -> failed;
            case Wanted.None() -> !failed;
            case Wanted.Code(short code) -> exchange.mentions().hasError(code);
        };
    }

    private boolean matchesTopic(Exchange exchange, String name) {
        return exchange.mentions().names(name, ids.apply(name));
    }
}
