package io.vitrine.metadata;

import io.vitrine.metadata.ConfigOutcome.Refusal;
import io.vitrine.metadata.ConfigOutcome.Refused;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.server.metrics.ClientMetricsConfigs;

/// What subscriptions to metrics of clients allow: what Kafka's definitions say.
record ClientMetricsConfigRules() implements ConfigRules {
    @Override
    public Optional<Refused> check(String name, Map<String, String> configs, Map<String, String> former) {
        try {
            ClientMetricsConfigs.validate(name, configs);
            return Optional.empty();
        } catch (InvalidRequestException e) {
            return Optional.of(new Refused(Refusal.INVALID_REQUEST, String.valueOf(e.getMessage())));
        } catch (ConfigException | InvalidConfigurationException e) {
            return Optional.of(new Refused(Refusal.INVALID_CONFIG, String.valueOf(e.getMessage())));
        }
    }

    @Override
    public Optional<String> whyNoList(String config, ConfigEdit.Kind kind) {
        var key = ClientMetricsConfigs.configDef().configKeys().get(config);
        return key != null && key.type == ConfigDef.Type.LIST
                ? Optional.empty()
                : Optional.of("Can't %s to key %s because its type is not LIST.".formatted(kind, config));
    }

    @Override
    public String defaultOf(String config) {
        return "";
    }
}
