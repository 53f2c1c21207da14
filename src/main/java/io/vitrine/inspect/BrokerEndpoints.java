package io.vitrine.inspect;

/// Where Kafka clients reach this broker.
public record BrokerEndpoints(String host, int port) {
    @Override
    public String toString() {
        return host + ":" + port;
    }
}
