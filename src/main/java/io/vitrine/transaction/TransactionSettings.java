package io.vitrine.transaction;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.coordinator.transaction.TransactionLogConfig;
import org.apache.kafka.coordinator.transaction.TransactionStateManagerConfig;

/// The settings of transactions: Kafka's names, units, defaults and limits, as its own definitions have them.
///
/// @param values what is set, by Kafka's names
/// @param fsync is what is answered on disk?
public record TransactionSettings(Map<String, String> values, boolean fsync) {
    public TransactionSettings {
        values = Map.copyOf(values);
    }

    /// Does nothing if all values can be used. Where none is set, Kafka's definitions, which take long to load, are
    /// not looked at.
    ///
    /// @throws IllegalArgumentException naming the setting whose value can't be used
    public void check() {
        if (!values.isEmpty()) {
            toKafka();
            toKafkaLog();
        }
    }

    TransactionStateManagerConfig toKafka() {
        return read(TransactionStateManagerConfig.CONFIG_DEF, TransactionStateManagerConfig::new);
    }

    /// As [#toKafka], for `__transaction_state`.
    TransactionLogConfig toKafkaLog() {
        return read(TransactionLogConfig.CONFIG_DEF, TransactionLogConfig::new);
    }

    private <T> T read(ConfigDef definitions, Function<AbstractConfig, T> reading) {
        try {
            return reading.apply(new AbstractConfig(definitions, new HashMap<>(values), false));
        } catch (KafkaException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }
}
