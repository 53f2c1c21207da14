package io.vitrine;

import io.vitrine.config.BrokerSettings;
import io.vitrine.definition.BrokerConfigLayers;
import io.vitrine.group.GroupConfigRules;
import io.vitrine.group.GroupConfigs;
import io.vitrine.handler.AlterConfigsHandler;
import io.vitrine.handler.DescribeConfigsHandler;
import io.vitrine.handler.IncrementalAlterConfigsHandler;
import io.vitrine.handler.ListConfigResourcesHandler;
import io.vitrine.handler.LoggerChanges;
import io.vitrine.metadata.ConfigChanges;
import io.vitrine.metadata.MetadataService;
import io.vitrine.partition.PartitionLogService;
import io.vitrine.protocol.RequestHandler;
import io.vitrine.server.KafkaListener;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.Executor;

/// What the broker needs to tell, change and obey its configs.
///
/// @param changes how they are changed, by clients and by the web side
record ConfigWiring(MetadataService metadata, DynamicSettings dynamic, ConfigChanges changes) {
    private static final List<String> IDS = List.of("node.id", "broker.id");

    /// Has the broker obey what is set while it runs, at first what was set before.
    static ConfigWiring of(BrokerSettings settings, MetadataService metadata) {
        var dynamic = new DynamicSettings(settings);
        dynamic.apply(metadata.brokerConfigs());
        metadata.addListener(_ -> dynamic.apply(metadata.brokerConfigs()));
        var groups = new GroupConfigRules(GroupWiring.settings(settings));
        return new ConfigWiring(metadata, dynamic, new ConfigChanges(metadata, groups, dynamic));
    }

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

    void obey(PartitionLogService partitions) {
        dynamic.tell(changed -> {
            partitions.useRules(StorageWiring.topicRules(changed));
            partitions
                    .cleaner()
                    .useSettings(StorageWiring.cleaner(changed.storage().cleaner()));
        });
    }

    void obey(KafkaListener listener) {
        dynamic.tell(changed -> listener.useMaxConnections(changed.network().maxConnections()));
    }

    List<RequestHandler<?>> handlers(Executor mayBlock) {
        var loggers = LogbackLoggers.ofThisProcess();
        var loggerChanges = new LoggerChanges(metadata.image().nodeId(), loggers);
        return List.of(
                new DescribeConfigsHandler(metadata, new GroupConfigs(metadata), loggers, mayBlock),
                new AlterConfigsHandler(changes, mayBlock),
                new IncrementalAlterConfigsHandler(changes, loggerChanges, mayBlock),
                new ListConfigResourcesHandler(metadata));
    }
}
