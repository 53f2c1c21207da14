package io.vitrine.protocol;

import java.time.Instant;

/// One refusal that the broker answered, or one connection that it closed, and why.
///
/// @param address the caller's, as `host:port`
/// @param clientId as the request header says; empty if it does not, or if it could not be read
/// @param api name of the API; empty if the request could not be read so far
/// @param version of the request; -1 if unknown
/// @param correlationId of the request; -1 if unknown
/// @param subject what was refused, such as `orders-0`; empty if it is the whole request or connection
/// @param error Kafka's name of the error answered, or `CONNECTION_CLOSED`
/// @param reason which check said no
/// @param detail what it expected and what it found
public record RefusalEntry(
        Instant time,
        String address,
        String clientId,
        String api,
        int version,
        int correlationId,
        String subject,
        String error,
        String reason,
        String detail) {
    public static final String CONNECTION_CLOSED = "CONNECTION_CLOSED";
    private static final int MAX_LENGTH = 300;

    /// The same with what clients have chosen cut short: a thousand entries are kept, and a name may be 32 KB long.
    RefusalEntry shortened() {
        return new RefusalEntry(
                time, address, cut(clientId), api, version, correlationId, cut(subject), error, reason, cut(detail));
    }

    /// What refusals have in common that are the same again: a client (whatever its port is this time), what it wants,
    /// and why it does not get it.
    ///
    /// @param detail empty for requests, where it often counts something; of a closed connection it is all there is
    record Sameness(
            String host, String clientId, String api, String subject, String error, String reason, String detail) {}

    Sameness sameness() {
        int port = address.lastIndexOf(':');
        var host = port < 0 ? address : address.substring(0, port);
        return new Sameness(host, clientId, api, subject, error, reason, error.equals(CONNECTION_CLOSED) ? detail : "");
    }

    boolean isOfSameRequestAs(RefusalEntry other) {
        return correlationId == other.correlationId
                && correlationId >= 0
                && address.equals(other.address)
                && api.equals(other.api);
    }

    private static String cut(String text) {
        return text.length() <= MAX_LENGTH ? text : text.substring(0, MAX_LENGTH) + "…";
    }
}
