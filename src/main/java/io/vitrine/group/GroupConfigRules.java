package io.vitrine.group;

import io.vitrine.definition.ConfigDefinition;
import io.vitrine.metadata.ConfigEdit;
import io.vitrine.metadata.ConfigOutcome.Refusal;
import io.vitrine.metadata.ConfigOutcome.Refused;
import io.vitrine.metadata.ConfigRules;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.ConfigKey;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.coordinator.group.GroupConfig;
import org.jspecify.annotations.Nullable;

/// What groups may set: what Kafka's definitions say.
///
/// @param settings of the broker, which set limits to what groups may
public record GroupConfigRules(GroupSettings settings) implements ConfigRules {
    @Override
    public Optional<Refused> check(String name, Map<String, String> configs, Map<String, String> former) {
        if (name.isEmpty()) {
            return Optional.of(new Refused(Refusal.INVALID_REQUEST, "Default group resources are not allowed."));
        }
        try {
            GroupConfig.validate(configs, settings.toKafka(), settings.toKafkaShares());
            return Optional.empty();
        } catch (ConfigException | InvalidConfigurationException e) {
            return Optional.of(new Refused(Refusal.INVALID_CONFIG, String.valueOf(e.getMessage())));
        }
    }

    @Override
    public Optional<String> whyNoList(String config, ConfigEdit.Kind kind) {
        @Nullable ConfigKey key = GroupConfig.CONFIG_DEF.configKeys().get(config);
        return key != null && key.type == ConfigDef.Type.LIST
                ? Optional.empty()
                : Optional.of("Can't %s to key %s because its type is not LIST.".formatted(kind, config));
    }

    @Override
    public String defaultOf(String config) {
        return Optional.ofNullable(GroupConfig.CONFIG_DEF.configKeys().get(config))
                .flatMap(key -> Optional.ofNullable(ConfigDefinition.of(key).defaultValue()))
                .orElse("");
    }
}
