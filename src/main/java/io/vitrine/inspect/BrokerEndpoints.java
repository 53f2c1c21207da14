package io.vitrine.inspect;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Where Kafka clients reach this broker.
///
/// @param host of the first listener, as is `port`
public record BrokerEndpoints(String host, int port, List<Listener> listeners) {
    public BrokerEndpoints {
        listeners = List.copyOf(listeners);
    }

    /// One way in.
    ///
    /// @param bound the address it listens at; all of the machine's where that is unspecified
    /// @param advertised where clients are told to go; null for the address they have come to
    public record Listener(
            String name, Endpoint bound, @Nullable Endpoint advertised) {}

    /// A host as people write it, and a port.
    public record Endpoint(String host, int port) {}

    /// One listener at this address alone.
    public static BrokerEndpoints of(String host, int port) {
        return new BrokerEndpoints(host, port, List.of(new Listener("PLAINTEXT", new Endpoint(host, port), null)));
    }

    @Override
    public String toString() {
        return host + ":" + port;
    }
}
