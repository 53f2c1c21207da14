package io.vitrine.definition;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.ConfigKey;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.server.config.AbstractKafkaConfig;
import org.apache.kafka.server.config.DynamicBrokerConfig;
import org.jspecify.annotations.Nullable;

/// The configs of brokers: Kafka's own definitions, and ours, whose names begin with `vitrine.`.
public final class BrokerConfigs {
    private static final String OWN_PREFIX = "vitrine.";

    /// Configs that can be changed while the broker runs, and take effect then.
    public static final Set<String> HONOURED_WHILE_RUNNING = Set.of(
            "compression.gzip.level",
            "compression.lz4.level",
            "compression.type",
            "compression.zstd.level",
            "log.cleaner.backoff.ms",
            "log.cleaner.dedupe.buffer.size",
            "log.cleaner.delete.retention.ms",
            "log.cleaner.io.buffer.load.factor",
            "log.cleaner.io.buffer.size",
            "log.cleaner.io.max.bytes.per.second",
            "log.cleaner.max.compaction.lag.ms",
            "log.cleaner.min.cleanable.ratio",
            "log.cleaner.min.compaction.lag.ms",
            "log.cleaner.threads",
            "log.cleanup.policy",
            "log.flush.interval.messages",
            "log.flush.interval.ms",
            "log.index.interval.bytes",
            "log.index.size.max.bytes",
            "log.message.timestamp.after.max.ms",
            "log.message.timestamp.before.max.ms",
            "log.message.timestamp.type",
            "log.retention.bytes",
            "log.retention.ms",
            "log.roll.jitter.ms",
            "log.roll.ms",
            "log.segment.bytes",
            "log.segment.delete.delay.ms",
            "max.connections",
            "message.max.bytes",
            "producer.id.expiration.ms");

    /// Configs that are kept and shown, but mean nothing to one node without tiered storage: there is nobody to
    /// replicate to, and no other replica that could be in sync or lead.
    public static final Set<String> WITHOUT_MEANING = Set.of(
            "follower.replication.throttled.rate",
            "leader.replication.throttled.rate",
            "log.local.retention.bytes",
            "log.local.retention.ms",
            "log.preallocate",
            "min.insync.replicas",
            "num.replica.fetchers",
            "replica.alter.log.dirs.io.max.bytes.per.second",
            "unclean.leader.election.enable");

    private BrokerConfigs() {}

    /// What speaks against these being set while the broker runs, in Kafka's words where they are Kafka's; empty if
    /// nothing does.
    ///
    /// @param forThisBroker for this one, or for all
    public static Optional<String> findFault(Map<String, String> configs, boolean forThisBroker) {
        var properties = new Properties();
        properties.putAll(configs);
        try {
            DynamicBrokerConfig.validateConfigs(properties, properties, forThisBroker);
        } catch (ConfigException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
        var others = new TreeSet<>(configs.keySet());
        others.removeAll(HONOURED_WHILE_RUNNING);
        others.removeAll(WITHOUT_MEANING);
        return others.isEmpty()
                ? Optional.empty()
                : Optional.of("This broker can't change these configs while it runs: " + others);
    }

    public static boolean exists(String name) {
        return keys().containsKey(name);
    }

    /// Might its value be a secret? So might that of a name that nobody knows.
    public static boolean isSensitive(String name) {
        return ConfigDefinition.of(keys().get(name)).sensitive();
    }

    /// Is it a list, to which words can be added?
    public static boolean isList(String name) {
        @Nullable ConfigKey key = keys().get(name);
        return key != null && key.type == ConfigDef.Type.LIST;
    }

    /// What is in force if nobody sets it; the empty text for what has no default.
    public static String defaultOf(String name) {
        return findDefault(name, BrokerConfigLayers.NONE).orElse("");
    }

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
                !HONOURED_WHILE_RUNNING.contains(name) && !WITHOUT_MEANING.contains(name),
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
