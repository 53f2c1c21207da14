package io.vitrine.metadata;

import io.vitrine.definition.BrokerConfigs;
import io.vitrine.metadata.ConfigOutcome.Refusal;
import io.vitrine.metadata.ConfigOutcome.Refused;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// What this broker allows to be changed while it runs: what Kafka's definitions say, and what is honoured here.
///
/// @param settings says why a value can't be used although Kafka's definitions allow it
record BrokerConfigRules(int nodeId, ConfigFault settings) implements ConfigRules {
    @Override
    public Optional<Refused> check(String name, Map<String, String> configs, Map<String, String> former) {
        return findFaultOfName(name)
                .or(() -> findFaultOfValues(name, configs, former))
                .map(fault -> new Refused(Refusal.INVALID_REQUEST, fault));
    }

    @Override
    public Optional<String> whyNoList(String config, ConfigEdit.Kind kind) {
        if (!BrokerConfigs.exists(config)) {
            return Optional.of("Unknown config name: " + config);
        }
        var verb = kind == ConfigEdit.Kind.APPEND ? "append" : "subtract";
        return BrokerConfigs.isList(config)
                ? Optional.empty()
                : Optional.of("Config value %s is not allowed for config key: %s".formatted(verb, config));
    }

    @Override
    public String defaultOf(String config) {
        return BrokerConfigs.defaultOf(config);
    }

    private Optional<String> findFaultOfName(String name) {
        if (name.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Integer.parseInt(name) == nodeId
                    ? Optional.empty()
                    : Optional.of("Unexpected broker id, expected %d, but received %s".formatted(nodeId, name));
        } catch (NumberFormatException e) {
            return Optional.of("Node id must be an integer, but it is: " + name);
        }
    }

    /// What was set before, perhaps by Kafka, may stay.
    private Optional<String> findFaultOfValues(String name, Map<String, String> configs, Map<String, String> former) {
        var fresh = new HashMap<>(configs);
        fresh.entrySet().removeIf(config -> config.getValue().equals(former.get(config.getKey())));
        return BrokerConfigs.findFault(fresh, !name.isEmpty()).or(() -> settings.find(fresh));
    }
}
