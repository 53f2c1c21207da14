package io.vitrine.group;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.coordinator.group.GroupCoordinatorConfig;

/// The settings of groups: Kafka's names, units, defaults and limits, as its own definitions have them.
///
/// @param values what is set, by Kafka's names
/// @param fsync are committed offsets on disk when the commit is answered?
public record GroupSettings(Map<String, String> values, boolean fsync) {
    public GroupSettings {
        values = Map.copyOf(values);
    }

    /// Kafka's own reading of the values.
    ///
    /// @throws IllegalArgumentException naming the setting whose value can't be used
    GroupCoordinatorConfig toKafka() {
        try {
            return GroupCoordinatorConfig.fromProps(new HashMap<>(values));
        } catch (KafkaException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    /// Does nothing if all values can be used. Where none is set, Kafka's definitions, which take long to load, are
    /// not looked at.
    ///
    /// @throws IllegalArgumentException naming the setting whose value can't be used
    public void check() {
        if (!values.isEmpty()) {
            toKafka();
        }
    }
}
