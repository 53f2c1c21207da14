package io.vitrine.admin;

import io.vitrine.fault.Faults;
import io.vitrine.inspect.BrokerEndpoints;
import io.vitrine.inspect.ListenerDoctor;
import io.vitrine.lint.LintFacts;
import io.vitrine.lint.LintFacts.Listener;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/// The ways into this broker, who can come by them, and how clients fare.
@Component
final class LintListeners {
    private final BrokerEndpoints endpoints;
    private final String httpHost;
    private final int httpPort;
    private final ObjectProvider<Faults> faults;
    private final ListenerDoctor doctor;

    LintListeners(
            BrokerEndpoints endpoints,
            @Value("${server.address:}") String httpHost,
            @Value("${server.port:8080}") int httpPort,
            ObjectProvider<Faults> faults,
            ListenerDoctor doctor) {
        this.endpoints = endpoints;
        this.httpHost = httpHost;
        this.httpPort = httpPort;
        this.faults = faults;
        this.doctor = doctor;
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

    LintFacts.Clients clients() {
        var set = faults.getIfAvailable();
        var stranded = doctor.complaints(ListenerDoctor.PATIENCE).stream()
                .map(complaint -> new LintFacts.Stranded(
                        "%s at %s"
                                .formatted(
                                        complaint.client().clientId(),
                                        complaint.client().host()),
                        complaint.client().cameBy().address(),
                        complaint.told(),
                        Duration.between(
                                        complaint.client().firstAsked(),
                                        complaint.client().lastAsked())
                                .toMillis()))
                .toList();
        return new LintFacts.Clients(set == null ? 0 : set.activeCount(), stranded);
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
