package io.vitrine.group;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.coordinator.group.GroupCoordinatorConfig;
import org.apache.kafka.coordinator.group.modern.share.ShareGroupConfig;
import org.apache.kafka.coordinator.share.ShareCoordinatorConfig;

/// The settings of groups: Kafka's names, units, defaults and limits, as its own definitions have them.
///
/// @param values what is set, by Kafka's names
/// @param fsync are committed offsets on disk when the commit is answered?
public record GroupSettings(Map<String, String> values, boolean fsync) {
    // Kafka's constant is about to be removed.
    private static final String REBALANCE_PROTOCOLS = "group.coordinator.rebalance.protocols";
    private static final List<String> ALL_PROTOCOLS = List.of("classic", "consumer", "streams");

    public GroupSettings {
        values = Map.copyOf(values);
    }

    /// May members speak this newer protocol?
    boolean allows(GroupProtocol protocol) {
        return protocols().contains(protocol.setting());
    }

    private List<String> protocols() {
        var set = values.get(REBALANCE_PROTOCOLS);
        return set == null
                ? ALL_PROTOCOLS
                : Stream.of(set.split(",")).map(String::strip).toList();
    }

    /// Kafka's own reading of the values.
    ///
    /// @throws IllegalArgumentException naming the setting whose value can't be used
    GroupCoordinatorConfig toKafka() {
        return read(() -> GroupCoordinatorConfig.fromProps(new HashMap<>(values)));
    }

    /// As [#toKafka], for what share groups deliver.
    ShareGroupConfig toKafkaShares() {
        return read(() -> ShareGroupConfig.fromProps(new HashMap<>(values)));
    }

    /// As [#toKafka], for where that is kept.
    ShareCoordinatorConfig toKafkaShareCoordinator() {
        return read(() -> new ShareCoordinatorConfig(
                new AbstractConfig(ShareCoordinatorConfig.CONFIG_DEF, new HashMap<>(values), false)));
    }

    /// Does nothing if all values can be used. Where none is set, Kafka's definitions, which take long to load, are
    /// not looked at.
    ///
    /// @throws IllegalArgumentException naming the setting whose value can't be used
    public void check() {
        if (values.isEmpty()) {
            return;
        }
        toKafka();
        toKafkaShares();
        toKafkaShareCoordinator();
        if (!protocols().contains("classic")) {
            throw new IllegalArgumentException(
                    "%s: the classic protocol can't be left out".formatted(REBALANCE_PROTOCOLS));
        }
    }

    private static <T> T read(Supplier<T> reading) {
        try {
            return reading.get();
        } catch (KafkaException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }
}
