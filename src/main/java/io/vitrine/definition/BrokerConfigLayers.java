package io.vitrine.definition;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What is set for a broker, by names of broker configs, in the order in which it holds:
/// ```
///   for this broker  ▶  for all brokers  ▶  server.properties  ▶  defaults
/// ```
///
/// @param ownDefaults defaults that are other than Kafka's
public record BrokerConfigLayers(
        Map<String, String> thisBroker,
        Map<String, String> allBrokers,
        Map<String, String> file,
        Map<String, String> ownDefaults) {
    /// Nothing is set.
    public static final BrokerConfigLayers NONE = new BrokerConfigLayers(Map.of(), Map.of(), Map.of(), Map.of());

    public BrokerConfigLayers {
        thisBroker = Map.copyOf(thisBroker);
        allBrokers = Map.copyOf(allBrokers);
        file = Map.copyOf(file);
        ownDefaults = Map.copyOf(ownDefaults);
    }

    /// The same for a broker that was started with other settings.
    public BrokerConfigLayers withFile(Map<String, String> newFile, Map<String, String> newDefaults) {
        return new BrokerConfigLayers(thisBroker, allBrokers, newFile, newDefaults);
    }

    /// The same with other values that were set while the broker runs.
    public BrokerConfigLayers withDynamic(Map<String, String> forThisBroker, Map<String, String> forAllBrokers) {
        return new BrokerConfigLayers(forThisBroker, forAllBrokers, file, ownDefaults);
    }

    /// All that is set under `names`, where an earlier name holds before a later one in the same layer.
    List<Synonym> findAll(List<String> names) {
        var found = new ArrayList<Synonym>();
        add(found, names, thisBroker, ConfigSource.DYNAMIC_BROKER_CONFIG);
        add(found, names, allBrokers, ConfigSource.DYNAMIC_DEFAULT_BROKER_CONFIG);
        add(found, names, file, ConfigSource.STATIC_BROKER_CONFIG);
        return found;
    }

    private static void add(List<Synonym> found, List<String> names, Map<String, String> layer, ConfigSource source) {
        for (var name : names) {
            @Nullable String value = layer.get(name);
            if (value != null) {
                found.add(new Synonym(name, value, source));
            }
        }
    }
}
