package io.vitrine;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import io.vitrine.definition.ConfigDefinition;
import io.vitrine.definition.ConfigSource;
import io.vitrine.definition.ConfigType;
import io.vitrine.definition.DescribedConfig;
import io.vitrine.handler.BrokerLoggers;
import io.vitrine.handler.LoggerLevel;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/// The loggers of Logback, which Spring Boot brings. Thread-safe.
final class LogbackLoggers implements BrokerLoggers {
    private final LoggerContext context;
    /// What was said of a logger before it was first set here; null where it inherited.
    private final Map<String, @Nullable Level> before = new HashMap<>();

    private LogbackLoggers(LoggerContext context) {
        this.context = context;
    }

    /// Those that everything here logs with.
    static LogbackLoggers ofThisProcess() {
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
            return new LogbackLoggers(context);
        }
        throw new IllegalStateException("Another logging system than Logback is on the class path");
    }

    @Override
    public List<DescribedConfig> describe() {
        return context.getLoggerList().stream()
                .map(LogbackLoggers::describe)
                .sorted(Comparator.comparing(DescribedConfig::name))
                .toList();
    }

    @Override
    public boolean exists(String logger) {
        return logger.equals(ROOT) || (!logger.isEmpty() && context.exists(logger) != null);
    }

    @Override
    public synchronized void set(String logger, LoggerLevel level) {
        var found = context.getLogger(nameOf(logger));
        if (!before.containsKey(logger)) {
            before.put(logger, found.getLevel());
        }
        found.setLevel(level == LoggerLevel.FATAL ? Level.OFF : Level.toLevel(level.name()));
    }

    @Override
    public synchronized void reset(String logger) {
        if (before.containsKey(logger)) {
            context.getLogger(nameOf(logger)).setLevel(before.remove(logger));
        }
    }

    private static String nameOf(String logger) {
        return logger.equals(ROOT) ? org.slf4j.Logger.ROOT_LOGGER_NAME : logger;
    }

    private static DescribedConfig describe(Logger logger) {
        var level = logger.getEffectiveLevel();
        return new DescribedConfig(
                logger.getName().equals(org.slf4j.Logger.ROOT_LOGGER_NAME) ? ROOT : logger.getName(),
                level == Level.OFF ? LoggerLevel.FATAL.name() : level.toString(),
                ConfigSource.DYNAMIC_BROKER_LOGGER_CONFIG,
                ConfigSource.DYNAMIC_BROKER_LOGGER_CONFIG,
                List.of(),
                false,
                new ConfigDefinition(ConfigType.UNKNOWN, false, null, ""));
    }
}
