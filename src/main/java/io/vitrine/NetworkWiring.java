package io.vitrine;

import io.vitrine.config.BrokerSettings.Network;
import io.vitrine.config.ListenerAddress;
import io.vitrine.handler.AdvertisedAddress;
import io.vitrine.inspect.BrokerEndpoints;
import io.vitrine.inspect.BrokerEndpoints.Endpoint;
import io.vitrine.inspect.BrokerEndpoints.Listener;
import io.vitrine.server.ListenerSettings;
import io.vitrine.tap.RecentExchanges;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;

/// What the settings say of the network, in the words of those who need it.
final class NetworkWiring {
    // As measured: a copy of fewer bytes costs less than the calls that sending them from their file takes.
    private static final int MIN_REGION_BYTES = 32 * 1024;
    private static final int EXCHANGE_SHARE = 64;
    private static final Duration MAX_STALL = Duration.ofSeconds(30);

    private NetworkWiring() {}

    static AdvertisedAddress advertised(Network network) {
        return new AdvertisedAddress(network.advertised().stream()
                .collect(Collectors.toMap(
                        ListenerAddress::name,
                        address -> new AdvertisedAddress.HostAndPort(address.host(), address.port()))));
    }

    static ListenerSettings listenerSettings(Network network) {
        return new ListenerSettings(
                network.listeners().stream()
                        .map(address -> new ListenerSettings.Endpoint(address.name(), address.host(), address.port()))
                        .toList(),
                network.maxRequestBytes(),
                network.sendBufferBytes(),
                network.requestMemoryBytes(),
                Runtime.getRuntime().maxMemory() / 4,
                network.maxConnections(),
                Duration.ofMillis(network.maxIdleMs()),
                MAX_STALL,
                MIN_REGION_BYTES);
    }

    /// Room for the last requests: a part of the heap, of which mostly less than a megabyte is needed.
    static RecentExchanges recentExchanges() {
        var runtime = Runtime.getRuntime();
        return new RecentExchanges(runtime.availableProcessors(), runtime.maxMemory() / EXCHANGE_SHARE);
    }

    /// Where clients reach the listeners, the first one above all: as advertised, else where it listens.
    ///
    /// @param open where the listeners have been opened
    static BrokerEndpoints endpoints(Network network, Map<String, InetSocketAddress> open) {
        var advertised = network.advertised().stream()
                .collect(Collectors.toMap(
                        ListenerAddress::name, address -> new Endpoint(address.host(), address.port())));
        var listeners = network.listeners().stream()
                .map(listener -> {
                    var bound = open.getOrDefault(listener.name(), listener.socketAddress());
                    return new Listener(
                            listener.name(),
                            new Endpoint(bound.getAddress().getHostAddress(), bound.getPort()),
                            advertised.get(listener.name()));
                })
                .toList();
        var first = listeners.getFirst();
        var reached = first.advertised() != null
                ? first.advertised()
                : reached(open.getOrDefault(
                        first.name(), network.listeners().getFirst().socketAddress()));
        return new BrokerEndpoints(reached.host(), reached.port(), listeners);
    }

    private static Endpoint reached(InetSocketAddress address) {
        var host =
                address.getAddress().isAnyLocalAddress() || address.getAddress().isLoopbackAddress()
                        ? "localhost"
                        : address.getAddress().getHostAddress();
        return new Endpoint(host, address.getPort());
    }
}
