package io.vitrine.partition;

import io.vitrine.record.BatchRules;
import java.util.Map;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What a topic's own configuration makes of the broker's defaults, by Kafka's names.
///
/// @param defaults for topics that set nothing themselves
public record TopicRules(BatchRules defaults) {
    private static final Logger log = LoggerFactory.getLogger(TopicRules.class);

    /// Kafka's own defaults, and 100 MiB for what a compressed batch may unpack to.
    public static final TopicRules KAFKA_DEFAULTS =
            new TopicRules(new BatchRules(1_048_588, false, Long.MAX_VALUE, 3_600_000, false, 100 * 1024 * 1024));

    /// The rules for a topic with these configs. A value that can't be read is reported and the default holds.
    BatchRules forConfigs(Map<String, String> configs) {
        return new BatchRules(
                read(configs, "max.message.bytes", Integer::valueOf, defaults.maxBatchBytes()),
                read(configs, "message.timestamp.type", "LogAppendTime"::equals, defaults.logAppendTime()),
                read(configs, "message.timestamp.before.max.ms", Long::valueOf, defaults.timestampBeforeMaxMs()),
                read(configs, "message.timestamp.after.max.ms", Long::valueOf, defaults.timestampAfterMaxMs()),
                read(configs, "cleanup.policy", policy -> policy.contains("compact"), defaults.keyRequired()),
                defaults.maxUncompressedBytes());
    }

    private static <T> T read(Map<String, String> configs, String name, Function<String, T> parse, T fallback) {
        var value = configs.get(name);
        if (value == null) {
            return fallback;
        }
        try {
            return parse.apply(value);
        } catch (NumberFormatException e) {
            log.warn("Topic config {}={} is not a number; {} holds instead", name, value, fallback);
            return fallback;
        }
    }
}
