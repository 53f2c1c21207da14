package io.vitrine.definition;

import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.apache.kafka.common.config.ConfigDef.ConfigKey;
import org.jspecify.annotations.Nullable;

/// The configs of subscriptions to metrics of clients, as Kafka defines them.
public final class ClientMetricsConfigs {
    private ClientMetricsConfigs() {}

    /// Everything that is in force for a subscription, which need not exist, sorted by name.
    public static List<DescribedConfig> describe(Map<String, String> own) {
        var names = new TreeSet<>(org.apache.kafka.server.metrics.ClientMetricsConfigs.configNames());
        names.addAll(own.keySet());
        return names.stream().map(name -> describe(name, own.get(name))).toList();
    }

    private static DescribedConfig describe(String name, @Nullable String set) {
        @Nullable
        ConfigKey key = org.apache.kafka.server.metrics.ClientMetricsConfigs.configDef()
                .configKeys()
                .get(name);
        var definition = ConfigDefinition.of(key);
        var source = set == null ? ConfigSource.DEFAULT_CONFIG : ConfigSource.DYNAMIC_CLIENT_METRICS_CONFIG;
        var value = set == null ? definition.defaultValue() : set;
        var synonyms = set == null ? List.<Synonym>of() : List.of(new Synonym(name, set, source));
        return new DescribedConfig(name, value, source, source, synonyms, false, definition);
    }
}
