package io.vitrine.definition;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.apache.kafka.common.config.ConfigDef.ConfigKey;
import org.apache.kafka.server.config.AbstractKafkaConfig;
import org.apache.kafka.server.config.DynamicBrokerConfig;
import org.jspecify.annotations.Nullable;

/// The configs of brokers: Kafka's own definitions, and ours, whose names begin with `vitrine.`.
public final class BrokerConfigs {
    private static final String OWN_PREFIX = "vitrine.";

    private BrokerConfigs() {}

    /// Everything that is in force for the broker, sorted by name.
    public static List<DescribedConfig> describe(BrokerConfigLayers layers) {
        var names = new TreeSet<String>();
        keys().values().stream().filter(key -> !key.internalConfig).forEach(key -> names.add(key.name));
        names.addAll(layers.ownDefaults().keySet());
        names.addAll(layers.file().keySet());
        names.addAll(layers.allBrokers().keySet());
        names.addAll(layers.thisBroker().keySet());
        return names.stream().map(name -> describe(name, layers)).toList();
    }

    /// What is set for all brokers while they run, sorted by name.
    public static List<DescribedConfig> describeForAllBrokers(BrokerConfigLayers layers) {
        var forAll = BrokerConfigLayers.NONE.withDynamic(Map.of(), layers.allBrokers());
        return new TreeSet<>(layers.allBrokers().keySet())
                .stream()
                        .map(name -> describe(name, forAll, layers.ownDefaults(), false))
                        .toList();
    }

    private static DescribedConfig describe(String name, BrokerConfigLayers layers) {
        return describe(name, layers, layers.ownDefaults(), true);
    }

    /// @param withDefaults are the defaults listed among what could hold?
    private static DescribedConfig describe(
            String name, BrokerConfigLayers layers, Map<String, String> ownDefaults, boolean withDefaults) {
        @Nullable ConfigKey key = keys().get(name);
        var definition = define(name, key, ownDefaults.get(name));
        var set = layers.findAll(List.of(name));
        var value = set.isEmpty()
                ? definition.defaultValue()
                : ConfigDefinition.format(key, set.getFirst().value());
        var synonyms = synonyms(name, layers, withDefaults, definition.sensitive());
        var source = synonyms.isEmpty()
                ? ConfigSource.DEFAULT_CONFIG
                : synonyms.getFirst().source();
        return new DescribedConfig(
                name,
                definition.sensitive() ? null : value,
                source,
                source,
                synonyms,
                !DynamicBrokerConfig.ALL_DYNAMIC_CONFIGS.contains(name),
                definition);
    }

    private static ConfigDefinition define(String name, @Nullable ConfigKey key, @Nullable String own) {
        if (name.startsWith(OWN_PREFIX)) {
            return new ConfigDefinition(ConfigType.STRING, false, own, null);
        }
        var ofKafka = ConfigDefinition.of(key);
        return own == null ? ofKafka : ofKafka.withDefault(own);
    }

    /// The values that a config of the broker could have, for what inherits it: the first of them holds.
    public static List<Synonym> synonyms(String name, BrokerConfigLayers layers) {
        return synonyms(name, layers, true, false);
    }

    /// As Kafka lists them: what comes before the first of the name itself is left out.
    private static List<Synonym> synonyms(
            String name, BrokerConfigLayers layers, boolean withDefaults, boolean sensitive) {
        var names = DynamicBrokerConfig.brokerConfigSynonyms(name, true);
        var found = new ArrayList<>(layers.findAll(names));
        if (withDefaults) {
            for (var one : names) {
                findDefault(one, layers)
                        .ifPresent(value -> found.add(new Synonym(one, value, ConfigSource.DEFAULT_CONFIG)));
            }
        }
        return found.stream()
                .dropWhile(synonym -> !synonym.name().equals(name))
                .map(synonym -> sensitive ? new Synonym(synonym.name(), null, synonym.source()) : synonym)
                .toList();
    }

    /// What holds under this name if nothing is set.
    private static Optional<String> findDefault(String name, BrokerConfigLayers layers) {
        @Nullable String own = layers.ownDefaults().get(name);
        @Nullable ConfigKey key = keys().get(name);
        return own != null || key == null
                ? Optional.ofNullable(own)
                : Optional.ofNullable(ConfigDefinition.defaultOf(key));
    }

    private static Map<String, ConfigKey> keys() {
        return AbstractKafkaConfig.CONFIG_DEF.configKeys();
    }
}
