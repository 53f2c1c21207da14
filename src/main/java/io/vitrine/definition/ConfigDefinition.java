package io.vitrine.definition;

import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.ConfigKey;
import org.apache.kafka.common.config.ConfigException;
import org.jspecify.annotations.Nullable;

/// What is known of a config whatever its value.
///
/// @param sensitive is its value never shown?
/// @param defaultValue what is in force if nothing is set anywhere; null if that is nothing
/// @param documentation null if there is none
public record ConfigDefinition(
        ConfigType type,
        boolean sensitive,
        @Nullable String defaultValue,
        @Nullable String documentation) {
    /// Of a name that nobody knows; its value might be a secret.
    public static final ConfigDefinition UNKNOWN = new ConfigDefinition(ConfigType.UNKNOWN, true, null, null);

    /// As Kafka defines it.
    public static ConfigDefinition of(@Nullable ConfigKey key) {
        if (key == null) {
            return UNKNOWN;
        }
        var type = ConfigType.of(key.type);
        return new ConfigDefinition(
                type, type.isSensitive(), type.isSensitive() ? null : defaultOf(key), key.documentation);
    }

    ConfigDefinition withDefault(@Nullable String newDefault) {
        return new ConfigDefinition(type, sensitive, sensitive ? null : newDefault, documentation);
    }

    /// A value as Kafka shows it, which is how it was understood.
    public static @Nullable String format(@Nullable ConfigKey key, @Nullable String value) {
        if (key == null || value == null) {
            return value;
        }
        try {
            return ConfigDef.convertToString(ConfigDef.parseType(key.name, value, key.type), key.type);
        } catch (ConfigException e) {
            return value;
        }
    }

    static @Nullable String defaultOf(ConfigKey key) {
        return key.hasDefault() && key.defaultValue != null
                ? ConfigDef.convertToString(key.defaultValue, key.type)
                : null;
    }
}
