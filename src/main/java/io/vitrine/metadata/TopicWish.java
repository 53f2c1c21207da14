package io.vitrine.metadata;

import io.vitrine.definition.BrokerConfigLayers;
import io.vitrine.definition.TopicConfigs;
import io.vitrine.metadata.CreateTopicOutcome.Refusal;
import io.vitrine.metadata.CreateTopicOutcome.Refused;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The rules a new topic must keep, as far as they can be told from the wish and the names there are.
final class TopicWish {
    /// As many records as Kafka's controller puts into one change.
    private static final int MAX_RECORDS = 10_000;
    /// Far below the 8 MiB that Kafka's quorum accepts as one batch, together with the partitions.
    private static final int MAX_CONFIG_CHARS = 1024 * 1024;

    private TopicWish() {}

    /// @param broker what is set for the broker, which the topic inherits
    static Optional<CreateTopicOutcome> check(
            String name, int partitions, Map<String, String> configs, BrokerConfigLayers broker) {
        Optional<String> fault = TopicNames.findFault(name);
        if (fault.isPresent()) {
            return refuse(Refusal.INVALID_NAME, fault.get());
        }
        if (partitions < 1) {
            return refuse(Refusal.INVALID_PARTITIONS, "a topic has at least 1 partition, not %d".formatted(partitions));
        }
        long records = 1L + partitions + configs.size();
        if (records > MAX_RECORDS) {
            return refuse(
                    Refusal.TOO_MANY_RECORDS,
                    "%d partitions and %d configs are %d records, at most %d can be"
                            .formatted(partitions, configs.size(), records, MAX_RECORDS)
                            .concat(" written at once"));
        }
        return checkConfigs(configs, broker);
    }

    static Optional<CreateTopicOutcome> checkCollision(String name, Collection<Topic> topics) {
        return TopicNames.findCollision(name, topics)
                .flatMap(other -> refuse(
                        Refusal.NAME_COLLISION,
                        "topic '%s' cannot live beside '%s': their metrics would have the same name"
                                .formatted(name, other)));
    }

    /// What Kafka's own definitions say; a null would mean "back to the default" in the log, which is no value of a new
    /// topic.
    private static Optional<CreateTopicOutcome> checkConfigs(Map<String, String> configs, BrokerConfigLayers broker) {
        long chars = 0;
        for (var config : configs.entrySet()) {
            @Nullable String value = config.getValue();
            chars += config.getKey().length() + (value == null ? 0 : value.length());
        }
        if (chars > MAX_CONFIG_CHARS) {
            return refuse(
                    Refusal.INVALID_CONFIG,
                    "the configs have %d characters, at most %d are allowed".formatted(chars, MAX_CONFIG_CHARS));
        }
        return TopicConfigs.findFault(configs, Map.of(), broker)
                .flatMap(fault -> refuse(Refusal.INVALID_CONFIG, fault));
    }

    private static Optional<CreateTopicOutcome> refuse(Refusal kind, String reason) {
        return Optional.of(new Refused(kind, reason));
    }
}
