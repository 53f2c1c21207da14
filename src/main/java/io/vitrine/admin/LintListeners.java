package io.vitrine.admin;

import io.vitrine.inspect.BrokerEndpoints;
import io.vitrine.lint.LintFacts.Listener;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/// The ways into this broker, and who can come by them.
@Component
final class LintListeners {
    private final BrokerEndpoints endpoints;
    private final String httpHost;
    private final int httpPort;

    LintListeners(
            BrokerEndpoints endpoints,
            @Value("${server.address:}") String httpHost,
            @Value("${server.port:8080}") int httpPort) {
        this.endpoints = endpoints;
        this.httpHost = httpHost;
        this.httpPort = httpPort;
    }

    List<Listener> all() {
        var listeners = new ArrayList<Listener>();
        for (var listener : endpoints.listeners()) {
            listeners.add(new Listener(
                    listener.name(),
                    listener.bound().host() + ":" + listener.bound().port(),
                    reachesBeyond(listener.bound().host()),
                    listener.advertised() != null));
        }
        listeners.add(new Listener("REST", httpHost + ":" + httpPort, reachesBeyond(httpHost), false));
        return listeners;
    }

    /// A name that can't be resolved is one that nobody can come by.
    private static boolean reachesBeyond(String host) {
        try {
            return !InetAddress.getByName(host).isLoopbackAddress() || host.isEmpty();
        } catch (UnknownHostException e) {
            return false;
        }
    }
}
