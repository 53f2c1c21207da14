package io.vitrine.handler;

import io.vitrine.definition.DescribedConfig;
import java.util.List;

/// The loggers of this process, and how much they say. What is changed here holds until the process ends.
public interface BrokerLoggers {
    /// Kafka's name for the logger that all others inherit from.
    String ROOT = "root";

    /// All loggers with the level in force, sorted by name.
    List<DescribedConfig> describe();

    boolean exists(String logger);

    void set(String logger, LoggerLevel level);

    /// Has the logger say again what it said at the start.
    void reset(String logger);
}
