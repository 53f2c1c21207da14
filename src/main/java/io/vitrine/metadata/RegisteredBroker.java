package io.vitrine.metadata;

import java.util.Optional;
import java.util.SortedMap;

/// A broker of the cluster that a directory comes from. It is not there: this node is alone.
///
/// @param endpoints by listener name
public record RegisteredBroker(int id, Optional<String> rack, SortedMap<String, Endpoint> endpoints) {
    /// Where it was reached.
    public record Endpoint(String host, int port) {}
}
