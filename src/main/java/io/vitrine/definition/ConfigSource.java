package io.vitrine.definition;

/// Where the value of a config comes from, by Kafka's names and numbers.
public enum ConfigSource {
    DYNAMIC_TOPIC_CONFIG(1),
    /// Set for this broker while it runs.
    DYNAMIC_BROKER_CONFIG(2),
    /// Set for all brokers while they run.
    DYNAMIC_DEFAULT_BROKER_CONFIG(3),
    /// From `server.properties`.
    STATIC_BROKER_CONFIG(4),
    DEFAULT_CONFIG(5),
    DYNAMIC_BROKER_LOGGER_CONFIG(6),
    DYNAMIC_CLIENT_METRICS_CONFIG(7),
    DYNAMIC_GROUP_CONFIG(8);

    private final byte id;

    ConfigSource(int id) {
        this.id = (byte) id;
    }

    /// Has somebody set it?
    public boolean isSet() {
        return this != DEFAULT_CONFIG;
    }

    /// As it is on the wire.
    public byte id() {
        return id;
    }
}
