package io.vitrine.group;

import io.vitrine.definition.BrokerConfigLayers;
import io.vitrine.definition.BrokerConfigs;
import io.vitrine.definition.ConfigDefinition;
import io.vitrine.definition.ConfigSource;
import io.vitrine.definition.DescribedConfig;
import io.vitrine.definition.Synonym;
import io.vitrine.metadata.MetadataService;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.ConfigKey;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.coordinator.group.GroupConfig;
import org.jspecify.annotations.Nullable;

/// The configs of groups, as Kafka defines them. What a group does not set itself it has from the broker, where the
/// configs have names of their own.
public final class GroupConfigs {
    private final MetadataService metadata;

    public GroupConfigs(MetadataService metadata) {
        this.metadata = metadata;
    }

    /// Everything that is in force for a group, which need not exist, sorted by name.
    public List<DescribedConfig> describe(String groupId) {
        var own = metadata.image().configs(new ConfigResource(ConfigResource.Type.GROUP, groupId));
        var broker = metadata.brokerConfigs();
        var names = new TreeSet<String>();
        GroupConfig.configNames().stream()
                .filter(name -> !GroupConfig.isInternal(name))
                .forEach(names::add);
        names.addAll(own.keySet());
        return names.stream().map(name -> describe(name, own, broker)).toList();
    }

    private static DescribedConfig describe(String name, Map<String, String> own, BrokerConfigLayers broker) {
        @Nullable ConfigKey key = GroupConfig.CONFIG_DEF.configKeys().get(name);
        var inherited = inherited(name, key, broker);
        var synonyms = new ArrayList<Synonym>();
        @Nullable String set = own.get(name);
        if (set != null) {
            var shown = key == null ? null : ConfigDefinition.format(key, set);
            synonyms.add(new Synonym(name, shown, ConfigSource.DYNAMIC_GROUP_CONFIG));
        }
        synonyms.addAll(inherited);
        var first = synonyms.isEmpty() ? new Synonym(name, null, ConfigSource.DEFAULT_CONFIG) : synonyms.getFirst();
        return new DescribedConfig(
                name, first.value(), first.source(), first.source(), synonyms, false, ConfigDefinition.of(key));
    }

    private static List<Synonym> inherited(String name, @Nullable ConfigKey key, BrokerConfigLayers broker) {
        Optional<String> ofBroker = GroupConfig.brokerSynonym(name);
        if (ofBroker.isPresent()) {
            return BrokerConfigs.synonyms(ofBroker.get(), broker);
        }
        return key == null || key.defaultValue == null
                ? List.of()
                : List.of(new Synonym(
                        name, ConfigDef.convertToString(key.defaultValue, key.type), ConfigSource.DEFAULT_CONFIG));
    }
}
