package io.vitrine.inspect;

import io.vitrine.inspect.BrokerEndpoints.Listener;
import io.vitrine.protocol.Arrivals;
import io.vitrine.protocol.Arrivals.Stranded;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Finds out whether clients can reach the address that they are told. They may have come by another one: through a
/// port mapping, from another network, by another name.
public final class ListenerDoctor {
    /// What a client that is well needs is far less.
    public static final Duration PATIENCE = Duration.ofSeconds(5);

    private final BrokerEndpoints endpoints;
    private final Arrivals arrivals;

    /// A client that does not come to where it was told to.
    ///
    /// @param told the address, as `host:port`
    /// @param hint what seems to be wrong
    /// @param whatToDo about it
    public record Complaint(Stranded client, String told, String hint, String whatToDo) {}

    public ListenerDoctor(BrokerEndpoints endpoints, Arrivals arrivals) {
        this.endpoints = endpoints;
        this.arrivals = arrivals;
    }

    public List<Listener> listeners() {
        return endpoints.listeners();
    }

    /// By which addresses clients have come, and how many connections by each.
    public Map<Arrivals.Way, Long> ways() {
        return arrivals.ways();
    }

    /// The clients that asked where to go and did not come.
    ///
    /// @param patience how long a client may take
    public List<Complaint> complaints(Duration patience) {
        return arrivals.stranded(patience).stream().map(this::explain).toList();
    }

    private Complaint explain(Stranded client) {
        var cameTo = client.cameBy().address();
        var advertised = advertised(client.cameBy().listener());
        var told = advertised.map(there -> there.host() + ":" + there.port()).orElse(cameTo);
        if (advertised.isEmpty()) {
            return new Complaint(
                    client,
                    told,
                    "It was told the address that it has come to, as this broker sees it; behind a port mapping or a proxy that"
                            + " is not the one the client uses.",
                    "Set advertised.listeners=%s://<host and port that clients use>.".formatted(listenerOf(client)));
        }
        return new Complaint(
                client, told, hint(client, cameTo, told, advertised.get()), whatToDo(client, cameTo, told));
    }

    private static String hint(Stranded client, String cameTo, String told, BrokerEndpoints.Endpoint advertised) {
        if (isLoopback(advertised.host()) && !isLoopback(client.host())) {
            return "It was told %s, which is its own machine to it: it comes from %s.".formatted(told, client.host());
        }
        if (told.equals(cameTo)) {
            return "It was told the very address that it has come to, and asks again all the same: perhaps by another name"
                    + " for the same address, or it is idle.";
        }
        return "It reached this broker at %s and was told %s, where it has not come: it seems that it can't resolve or reach that."
                .formatted(cameTo, told);
    }

    private static String whatToDo(Stranded client, String cameTo, String told) {
        return "Set advertised.listeners=%s://%s, or make %s reachable from %s. Where some clients need the one and some the other,"
                        .formatted(listenerOf(client), cameTo, told, client.host())
                + " give each kind a listener of its own.";
    }

    private static String listenerOf(Stranded client) {
        return client.cameBy().listener();
    }

    private Optional<BrokerEndpoints.Endpoint> advertised(String listener) {
        return endpoints.listeners().stream()
                .filter(one -> one.name().equals(listener))
                .flatMap(one -> Optional.ofNullable(one.advertised()).stream())
                .findFirst();
    }

    /// Names are not resolved: that may take long.
    private static boolean isLoopback(String host) {
        if (host.equals("localhost")) {
            return true;
        }
        try {
            return InetAddress.ofLiteral(host).isLoopbackAddress();
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
