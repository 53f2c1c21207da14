package io.vitrine.definition;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.ConfigKey;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.server.config.ConfigSynonym;
import org.apache.kafka.server.config.ServerTopicConfigSynonyms;
import org.apache.kafka.storage.internals.log.LogConfig;
import org.jspecify.annotations.Nullable;

/// The configs of topics, as Kafka defines them. What a topic does not set itself it has from the broker, where the
/// configs have names of their own.
public final class TopicConfigs {
    /// Tiered storage is not served: what asks for it is refused, as by a broker of Kafka's that has none.
    private static final boolean REMOTE_STORAGE = false;

    private static final Pattern NEGATIVE = Pattern.compile("-\\d+");

    private static final int OLD_MIN_SEGMENT_BYTES = 14;

    private TopicConfigs() {}

    /// What speaks against a topic having these configs, in Kafka's words; empty if nothing does.
    ///
    /// @param configs all that are to be set; a value may be null, which is a fault
    /// @param former those that are set now; none of a new topic
    public static Optional<String> findFault(
            Map<String, ? extends @Nullable String> configs, Map<String, String> former, BrokerConfigLayers broker) {
        if (configs.isEmpty()) {
            return Optional.empty();
        }
        var values = new TreeMap<String, String>();
        var without = new ArrayList<String>();
        configs.forEach((name, value) -> {
            if (value == null) {
                without.add(name);
            } else {
                values.put(name, value);
            }
        });
        if (!without.isEmpty()) {
            return Optional.of("Null value not supported for topic configs: " + String.join(",", without));
        }
        try {
            LogConfig.validate(former, values, inherited(broker), REMOTE_STORAGE);
            return Optional.empty();
        } catch (ConfigException | InvalidConfigurationException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    /// Everything that is in force for a topic that sets `own` itself, sorted by name. A value of its own that can't be
    /// used, as another broker may have left it behind, is passed over.
    public static List<DescribedConfig> describe(Map<String, String> own, BrokerConfigLayers broker) {
        var names = new TreeSet<>(LogConfig.nonInternalConfigNames());
        names.addAll(own.keySet());
        return names.stream().map(name -> describe(name, own, broker)).toList();
    }

    /// Might its value be a secret? So might that of a name that nobody knows.
    public static boolean isSensitive(String name) {
        return ConfigDefinition.of(LogConfig.configKeys().get(name)).sensitive();
    }

    /// Is it a list, to which words can be added?
    public static boolean isList(String name) {
        @Nullable ConfigKey key = LogConfig.configKeys().get(name);
        return key != null && key.type == ConfigDef.Type.LIST;
    }

    /// What is in force if nobody sets it; the empty text for what has no default.
    public static String defaultOf(String name) {
        @Nullable ConfigKey key = LogConfig.configKeys().get(name);
        @Nullable String value = key == null ? null : ConfigDefinition.defaultOf(key);
        return value == null ? "" : value;
    }

    private static DescribedConfig describe(String name, Map<String, String> own, BrokerConfigLayers broker) {
        @Nullable ConfigKey key = LogConfig.configKeys().get(name);
        @Nullable String set = own.get(name);
        if (key == null) {
            return unknown(name);
        }
        var synonyms = new ArrayList<Synonym>();
        var inForce = inherited(key, broker);
        if (set != null && isUsable(key, set)) {
            inForce = new Synonym(name, ConfigDefinition.format(key, set), ConfigSource.DYNAMIC_TOPIC_CONFIG);
            synonyms.add(inForce);
        }
        @Nullable String ofBroker = ServerTopicConfigSynonyms.TOPIC_CONFIG_SYNONYMS.get(name);
        if (ofBroker != null) {
            synonyms.addAll(BrokerConfigs.synonyms(ofBroker, broker));
        }
        return new DescribedConfig(
                name,
                inForce.value(),
                synonyms.isEmpty()
                        ? ConfigSource.DEFAULT_CONFIG
                        : synonyms.getFirst().source(),
                inForce.source(),
                synonyms,
                false,
                ConfigDefinition.of(key));
    }

    /// Left behind by another version of Kafka. It is not used, and might be a secret.
    private static DescribedConfig unknown(String name) {
        var source = ConfigSource.DYNAMIC_TOPIC_CONFIG;
        return new DescribedConfig(
                name, null, source, source, List.of(new Synonym(name, null, source)), false, ConfigDefinition.UNKNOWN);
    }

    /// What holds for a topic that sets nothing itself, as values of Kafka's types. With none at all Kafka would not
    /// look whether the topic's configs fit each other.
    private static Map<String, Object> inherited(BrokerConfigLayers broker) {
        var values = new HashMap<String, Object>();
        ServerTopicConfigSynonyms.ALL_TOPIC_CONFIG_SYNONYMS.keySet().forEach(name -> {
            @Nullable ConfigKey key = LogConfig.configKeys().get(name);
            if (key != null) {
                values.put(name, soundOrDefault(key, inherited(key, broker).value()));
            }
        });
        return values;
    }

    /// What the broker was started with is not for the topic to answer for: segments as small as they once could be.
    private static @Nullable Object soundOrDefault(ConfigKey key, @Nullable String value) {
        @Nullable Object parsed = ConfigDef.parseType(key.name, value, key.type);
        try {
            if (key.validator != null) {
                key.validator.ensureValid(key.name, parsed);
            }
            return parsed;
        } catch (ConfigException e) {
            return key.defaultValue;
        }
    }

    private static Synonym inherited(ConfigKey key, BrokerConfigLayers broker) {
        var names = ServerTopicConfigSynonyms.ALL_TOPIC_CONFIG_SYNONYMS.getOrDefault(key.name, List.of());
        var converters = new HashMap<String, ConfigSynonym>();
        names.forEach(synonym -> converters.put(synonym.name(), synonym));
        for (var set : broker.findAll(names.stream().map(ConfigSynonym::name).toList())) {
            @Nullable ConfigSynonym synonym = converters.get(set.name());
            var text = String.valueOf(set.value()).strip();
            var value =
                    unlimited(key, synonym == null ? text : synonym.converter().apply(text));
            if (isUsable(key, value)) {
                return new Synonym(set.name(), ConfigDefinition.format(key, value), set.source());
            }
        }
        return new Synonym(key.name, ConfigDefinition.defaultOf(key), ConfigSource.DEFAULT_CONFIG);
    }

    /// Any negative number of hours is no limit.
    private static String unlimited(ConfigKey key, String value) {
        return key.name.equals(TopicConfig.RETENTION_MS_CONFIG)
                        && NEGATIVE.matcher(value).matches()
                ? "-1"
                : value;
    }

    /// Segments may be smaller than Kafka asks for since 4.0, as they could be before.
    private static boolean isUsable(ConfigKey key, String value) {
        try {
            var parsed = ConfigDef.parseType(key.name, value, key.type);
            if (key.name.equals(TopicConfig.SEGMENT_BYTES_CONFIG)) {
                return parsed instanceof Integer bytes && bytes >= OLD_MIN_SEGMENT_BYTES;
            }
            if (key.validator != null) {
                key.validator.ensureValid(key.name, parsed);
            }
            return true;
        } catch (ConfigException e) {
            return false;
        }
    }
}
