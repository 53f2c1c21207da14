package io.vitrine.protocol;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.protocol.Errors;

/// One error that the broker answered, or one connection that ended, and why.
///
/// @param connection its id; -1 if it never got one
/// @param address the caller's, as `host:port`
/// @param clientId as the request header says; empty if it does not, or if it could not be read
/// @param api name of the API; empty if the request could not be read so far
/// @param version of the request; -1 if unknown
/// @param correlationId of the request; -1 if unknown
/// @param about what was refused
/// @param error Kafka's name of the error answered, or `CONNECTION_CLOSED`
/// @param reason which check said no
/// @param detail what it expected and what it found, in words
/// @param evidence the same as named values, and what else shows it
public record RefusalEntry(
        Instant time,
        long connection,
        String address,
        String clientId,
        String api,
        int version,
        int correlationId,
        Subject about,
        String error,
        String reason,
        String detail,
        Map<String, Object> evidence) {
    public static final String CONNECTION_CLOSED = "CONNECTION_CLOSED";
    /// The reason of whatever was done to a request on purpose.
    public static final String FAULT_INJECTED = Closing.FAULT_INJECTED.name();

    private static final int MAX_LENGTH = 300;
    // What it takes besides its texts, about.
    private static final int FIXED_BYTES = 400;
    private static final int BYTES_OF_FACT = 100;
    /// Clients meet these when all is well, and go on.
    private static final Set<String> EXPECTED = Set.of(
            Errors.CONCURRENT_TRANSACTIONS.name(),
            Errors.COORDINATOR_LOAD_IN_PROGRESS.name(),
            Errors.COORDINATOR_NOT_AVAILABLE.name(),
            Errors.NOT_COORDINATOR.name(),
            Errors.REBALANCE_IN_PROGRESS.name(),
            Errors.MEMBER_ID_REQUIRED.name(),
            Errors.ELECTION_NOT_NEEDED.name(),
            Errors.FETCH_SESSION_ID_NOT_FOUND.name(),
            Errors.INVALID_FETCH_SESSION_EPOCH.name(),
            Errors.SHARE_SESSION_NOT_FOUND.name(),
            Errors.INVALID_SHARE_SESSION_EPOCH.name());

    /// What kinds of entries there are; those of one kind never push out those of another.
    public enum Kind {
        /// An error that somebody may want to know of.
        REFUSED,
        /// An error that is a step of the protocol, after which clients ask again.
        EXPECTED,
        /// A connection that the broker has closed.
        CLOSED,
        /// A connection that has ended as all do some day.
        LEFT
    }

    /// What was refused, as people write it, such as `orders-0`; empty if it is the whole request or connection.
    public String subject() {
        return about.text();
    }

    public Kind kind() {
        if (error.equals(CONNECTION_CLOSED)) {
            return reason.equals(Closing.CLIENT_CLOSED.name()) || reason.equals(Closing.BROKER_STOPPED.name())
                    ? Kind.LEFT
                    : Kind.CLOSED;
        }
        return EXPECTED.contains(error) && !reason.equals(FAULT_INJECTED) ? Kind.EXPECTED : Kind.REFUSED;
    }

    /// The same as of this request.
    public RefusalEntry of(String itsApi, int itsVersion, int itsCorrelationId) {
        return new RefusalEntry(
                time,
                connection,
                address,
                clientId,
                itsApi,
                itsVersion,
                itsCorrelationId,
                about,
                error,
                reason,
                detail,
                evidence);
    }

    /// The same with what clients have chosen cut short: a thousand entries are kept, and a name may be 32 KB long.
    RefusalEntry shortened() {
        return new RefusalEntry(
                time,
                connection,
                address,
                cut(clientId),
                api,
                version,
                correlationId,
                about.shortened(),
                error,
                reason,
                cut(detail),
                cut(evidence));
    }

    /// How much memory it takes, about.
    int weight() {
        int bytes = FIXED_BYTES + clientId.length() + about.name().length() + detail.length();
        for (var value : evidence.values()) {
            bytes += BYTES_OF_FACT + (value instanceof String text ? text.length() : 0);
        }
        return bytes;
    }

    /// What refusals have in common that are the same again: a client (whatever its port is this time), what it wants,
    /// and why it does not get it.
    ///
    /// @param detail empty for requests, where it often counts something; of a closed connection it is all there is
    record Sameness(
            String host, String clientId, String api, Subject about, String error, String reason, String detail) {}

    Sameness sameness() {
        int port = address.lastIndexOf(':');
        var host = port < 0 ? address : address.substring(0, port);
        return new Sameness(host, clientId, api, about, error, reason, error.equals(CONNECTION_CLOSED) ? detail : "");
    }

    boolean isOfSameRequestAs(RefusalEntry other) {
        return correlationId == other.correlationId
                && correlationId >= 0
                && address.equals(other.address)
                && api.equals(other.api);
    }

    static String cut(String text) {
        return text.length() <= MAX_LENGTH ? text : text.substring(0, MAX_LENGTH) + "…";
    }

    private static Map<String, Object> cut(Map<String, Object> facts) {
        var cut = new LinkedHashMap<String, Object>();
        facts.forEach((name, value) -> cut.put(name, value instanceof String text ? cut(text) : value));
        return cut;
    }
}
