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

    /// Has the broker obey what is set while it runs, at first what was set before.
    private static DynamicSettings obey(
            BrokerSettings settings, MetadataService metadata, PartitionLogService partitions) {
        var dynamic = new DynamicSettings(settings, changed -> {
            partitions.useRules(StorageWiring.topicRules(changed));
            partitions
                    .cleaner()
                    .useSettings(StorageWiring.cleaner(changed.storage().cleaner()));
        });
        follow(metadata, dynamic);
        return dynamic;
    }

    /// Has the listener obey what is set while the broker runs.
    static void obey(BrokerSettings settings, MetadataService metadata, KafkaListener listener) {
        follow(
                metadata,
                new DynamicSettings(
                        settings,
                        changed -> listener.useMaxConnections(changed.network().maxConnections())));
    }

    private static void follow(MetadataService metadata, DynamicSettings dynamic) {
        dynamic.apply(metadata.brokerConfigs());
        metadata.addListener(_ -> dynamic.apply(metadata.brokerConfigs()));
    }

    /// What the web side changes configs with; the metadata tells the broker of it, as of any change.
    static ConfigChanges changes(Broker broker) {
        var settings = broker.settings();
        return new ConfigChanges(
                broker.metadata(),
                new GroupConfigRules(GroupWiring.settings(settings)),
                new DynamicSettings(settings, _ -> {}));
    }

    static List<RequestHandler<?>> handlers(
            BrokerSettings settings, MetadataService metadata, PartitionLogService partitions, Executor mayBlock) {
        var dynamic = obey(settings, metadata, partitions);
        var loggers = LogbackLoggers.ofThisProcess();
        var changes = new ConfigChanges(metadata, new GroupConfigRules(GroupWiring.settings(settings)), dynamic);
        var loggerChanges = new LoggerChanges(metadata.image().nodeId(), loggers);
        return List.of(
                new DescribeConfigsHandler(metadata, new GroupConfigs(metadata), loggers, mayBlock),
                new AlterConfigsHandler(changes, mayBlock),
                new IncrementalAlterConfigsHandler(changes, loggerChanges, mayBlock),
                new ListConfigResourcesHandler(metadata));
    }
}
