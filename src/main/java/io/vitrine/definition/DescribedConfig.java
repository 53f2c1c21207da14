package io.vitrine.definition;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A config with the value that is in force.
///
/// @param value null if it has none, or is not to be shown
/// @param source as Kafka's DescribeConfigs tells it, which only counts configs of the leading name: a
///     `retention.ms` that is set as `log.retention.hours` in `server.properties` is a default there
/// @param origin where the value in force comes from in truth; Kafka's CreateTopics tells it so
/// @param synonyms what else could hold, in the order in which it would, as Kafka's DescribeConfigs tells it
/// @param readOnly can it only be set in `server.properties`?
public record DescribedConfig(
        String name,
        @Nullable String value,
        ConfigSource source,
        ConfigSource origin,
        List<Synonym> synonyms,
        boolean readOnly,
        ConfigDefinition definition) {
    public DescribedConfig {
        synonyms = List.copyOf(synonyms);
    }
}
