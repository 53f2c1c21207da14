package io.vitrine;

import io.vitrine.config.BrokerSettings;
import io.vitrine.definition.BrokerConfigLayers;
import io.vitrine.group.GroupConfigs;
import io.vitrine.handler.DescribeConfigsHandler;
import io.vitrine.metadata.MetadataService;
import io.vitrine.protocol.RequestHandler;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.Executor;

/// What the broker needs to tell and change its configs.
final class ConfigWiring {
    private static final List<String> IDS = List.of("node.id", "broker.id");

    private ConfigWiring() {}

    /// What the broker was started with. `node.id` and `broker.id` are one, and Kafka lists both.
    static BrokerConfigLayers layers(BrokerSettings settings) {
        var file = new TreeMap<>(settings.originals());
        var defaults = new TreeMap<>(settings.ownDefaults());
        for (var name : IDS) {
            var id = settings.originals().get(name);
            if (id != null) {
                IDS.forEach(other -> file.putIfAbsent(other, id));
                IDS.forEach(defaults::remove);
            }
        }
        return BrokerConfigLayers.NONE.withFile(file, defaults);
    }

    static List<RequestHandler<?>> handlers(MetadataService metadata, Executor mayBlock) {
        return List.of(new DescribeConfigsHandler(
                metadata, new GroupConfigs(metadata), LogbackLoggers.ofThisProcess(), mayBlock));
    }
}
