package io.vitrine.definition;

import org.apache.kafka.common.config.ConfigDef;
import org.jspecify.annotations.Nullable;

/// What the value of a config is, by Kafka's names and numbers.
public enum ConfigType {
    UNKNOWN(0),
    BOOLEAN(1),
    STRING(2),
    INT(3),
    SHORT(4),
    LONG(5),
    DOUBLE(6),
    LIST(7),
    CLASS(8),
    PASSWORD(9);

    private final byte id;

    ConfigType(int id) {
        this.id = (byte) id;
    }

    /// As it is on the wire.
    public byte id() {
        return id;
    }

    /// That of one of Kafka's definitions; null stands for none.
    public static ConfigType of(ConfigDef.@Nullable Type type) {
        return type == null ? UNKNOWN : valueOf(type.name());
    }

    /// Kafka shows neither a password nor what it does not know: that might be one.
    boolean isSensitive() {
        return this == UNKNOWN || this == PASSWORD;
    }
}
