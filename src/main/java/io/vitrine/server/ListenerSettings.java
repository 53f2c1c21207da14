package io.vitrine.server;

import java.time.Duration;
import java.util.List;

/// How the listener takes connections and requests.
///
/// @param maxRequestBytes `socket.request.max.bytes`
/// @param sendBufferBytes `socket.send.buffer.bytes`; below 1 it is left to the system
/// @param requestMemoryBytes bytes of unfinished and waiting requests, all connections together
/// @param responseMemoryBytes bytes of answers that clients have not taken yet, all connections together
/// @param maxConnections `max.connections`
/// @param maxIdle `connections.max.idle.ms`
/// @param maxStall how long a begun request may make no progress, and an answer not be taken
/// @param minRegionBytes records of at least so many bytes leave from their file, others are copied
public record ListenerSettings(
        List<Endpoint> endpoints,
        int maxRequestBytes,
        int sendBufferBytes,
        long requestMemoryBytes,
        long responseMemoryBytes,
        int maxConnections,
        Duration maxIdle,
        Duration maxStall,
        int minRegionBytes) {

    /// An address to listen on.
    ///
    /// @param host empty for all addresses
    /// @param port 0 for one that the system chooses
    public record Endpoint(String listener, String host, int port) {}
}
