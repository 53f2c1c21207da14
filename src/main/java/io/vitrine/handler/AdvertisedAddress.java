package io.vitrine.handler;

import io.vitrine.protocol.Caller;
import java.util.Map;

/// The address at which clients are told to reach this broker: what `advertised.listeners` says for the listener they
/// came by, else the very address they came to, which they can evidently reach.
///
/// @param advertised by listener name
public record AdvertisedAddress(Map<String, HostAndPort> advertised) {

    /// Where a client can connect.
    ///
    /// @param port 1 to 65535
    public record HostAndPort(String host, int port) {}

    HostAndPort forCaller(Caller caller) {
        var configured = advertised.get(caller.listener());
        return configured != null ? configured : new HostAndPort(caller.localHost(), caller.localPort());
    }
}
