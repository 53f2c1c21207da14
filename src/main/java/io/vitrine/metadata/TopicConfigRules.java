package io.vitrine.metadata;

import io.vitrine.definition.BrokerConfigLayers;
import io.vitrine.definition.TopicConfigs;
import io.vitrine.metadata.ConfigOutcome.Refusal;
import io.vitrine.metadata.ConfigOutcome.Refused;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.kafka.common.errors.InvalidTopicException;

/// What topics allow: what Kafka's definitions say.
///
/// @param broker what topics inherit
/// @param image the newest one
record TopicConfigRules(Supplier<BrokerConfigLayers> broker, Supplier<ClusterImage> image) implements ConfigRules {
    @Override
    public Optional<Refused> check(String name, Map<String, String> configs, Map<String, String> former) {
        if (name.isEmpty()) {
            return refuse(Refusal.INVALID_REQUEST, "Default topic resources are not allowed.");
        }
        try {
            org.apache.kafka.common.internals.Topic.validate(name);
        } catch (InvalidTopicException e) {
            return refuse(Refusal.INVALID_TOPIC_NAME, String.valueOf(e.getMessage()));
        }
        return TopicConfigs.findFault(configs, former, broker.get())
                .flatMap(fault -> refuse(Refusal.INVALID_CONFIG, fault))
                .or(() -> image.get().findTopic(name).isPresent()
                        ? Optional.empty()
                        : refuse(Refusal.UNKNOWN_TOPIC, "The topic '%s' does not exist.".formatted(name)));
    }

    @Override
    public Optional<String> whyNoList(String config, ConfigEdit.Kind kind) {
        return TopicConfigs.isList(config)
                ? Optional.empty()
                : Optional.of("Can't %s to key %s because its type is not LIST.".formatted(kind, config));
    }

    @Override
    public String defaultOf(String config) {
        return TopicConfigs.defaultOf(config);
    }

    private static Optional<Refused> refuse(Refusal kind, String reason) {
        return Optional.of(new Refused(kind, reason));
    }
}
