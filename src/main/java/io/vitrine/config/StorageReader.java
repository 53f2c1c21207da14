package io.vitrine.config;

import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/// Reads [StorageSettings]: Kafka's names, defaults and limits. Segments may be smaller than the 1 MiB that Kafka
/// asks for since 4.0, as they could be before.
final class StorageReader {
    private static final int MIN_SEGMENT_BYTES = 14;
    private static final int MIN_INDEX_BYTES = 4;
    private static final long MIN_DEDUPE_BYTES_PER_THREAD = 1024 * 1024;
    private static final Set<String> POLICIES = Set.of("delete", "compact");
    private static final int WEEK_IN_HOURS = 168;
    private static final long DAY_MS = TimeUnit.DAYS.toMillis(1);

    private final PropertiesReader reader;

    StorageReader(PropertiesReader reader) {
        this.reader = reader;
    }

    StorageSettings settings() throws SettingsException {
        var policy = policy();
        return new StorageSettings(
                segments(),
                flush(),
                retention(policy.contains("delete")),
                compaction(policy.contains("compact")),
                reader.number("producer.id.expiration.ms", DAY_MS, 1, Integer.MAX_VALUE),
                tasks(),
                cleaner());
    }

    /// Of `log.cleanup.policy`; empty where logs are to grow for ever.
    private List<String> policy() throws SettingsException {
        var policy = reader.words("log.cleanup.policy", "delete");
        if (!POLICIES.containsAll(policy)) {
            throw new SettingsException(
                    "log.cleanup.policy", String.join(",", policy), "expected delete, compact, or both");
        }
        return policy;
    }

    private StorageSettings.Segments segments() throws SettingsException {
        return new StorageSettings.Segments(
                reader.integer("log.segment.bytes", 1024 * 1024 * 1024, MIN_SEGMENT_BYTES, Integer.MAX_VALUE),
                reader.time("log.roll", List.of(TimeUnit.MILLISECONDS, TimeUnit.HOURS), WEEK_IN_HOURS, 1),
                reader.time("log.roll.jitter", List.of(TimeUnit.MILLISECONDS, TimeUnit.HOURS), 0, 0),
                reader.integer("log.index.interval.bytes", 4096, 0, Integer.MAX_VALUE),
                reader.integer("log.index.size.max.bytes", 10 * 1024 * 1024, MIN_INDEX_BYTES, Integer.MAX_VALUE));
    }

    private StorageSettings.Flush flush() throws SettingsException {
        return new StorageSettings.Flush(
                reader.number("log.flush.interval.messages", Long.MAX_VALUE, 1, Long.MAX_VALUE),
                reader.number("log.flush.interval.ms", flushCheckMs(), 0, Long.MAX_VALUE));
    }

    private long flushCheckMs() throws SettingsException {
        return reader.number("log.flush.scheduler.interval.ms", Long.MAX_VALUE, 1, Long.MAX_VALUE);
    }

    private StorageSettings.Retention retention(boolean delete) throws SettingsException {
        var units = List.of(TimeUnit.MILLISECONDS, TimeUnit.MINUTES, TimeUnit.HOURS);
        return new StorageSettings.Retention(
                delete,
                reader.time("log.retention", units, WEEK_IN_HOURS, -1),
                Math.max(-1, reader.number("log.retention.bytes", -1, Long.MIN_VALUE, Long.MAX_VALUE)),
                reader.number("log.segment.delete.delay.ms", 60_000, 0, Long.MAX_VALUE));
    }

    private StorageSettings.Compaction compaction(boolean compact) throws SettingsException {
        long minLagMs = reader.number("log.cleaner.min.compaction.lag.ms", 0, 0, Long.MAX_VALUE);
        return new StorageSettings.Compaction(
                compact,
                reader.decimal("log.cleaner.min.cleanable.ratio", 0.5, 0, 1),
                minLagMs,
                reader.number(
                        "log.cleaner.max.compaction.lag.ms", Long.MAX_VALUE, Math.max(1, minLagMs), Long.MAX_VALUE),
                reader.number("log.cleaner.delete.retention.ms", DAY_MS, 0, Long.MAX_VALUE));
    }

    private StorageSettings.Tasks tasks() throws SettingsException {
        return new StorageSettings.Tasks(
                reader.number("log.initial.task.delay.ms", 30_000, 0, Long.MAX_VALUE),
                reader.number("log.flush.offset.checkpoint.interval.ms", 60_000, 1, Integer.MAX_VALUE),
                reader.number("log.flush.start.offset.checkpoint.interval.ms", 60_000, 1, Integer.MAX_VALUE),
                reader.number("replica.high.watermark.checkpoint.interval.ms", 5_000, 1, Long.MAX_VALUE),
                reader.number("log.retention.check.interval.ms", 300_000, 1, Long.MAX_VALUE),
                flushCheckMs(),
                reader.number("producer.id.expiration.check.interval.ms", 600_000, 1, Integer.MAX_VALUE),
                reader.integer("num.recovery.threads.per.data.dir", 2, 1, Integer.MAX_VALUE));
    }

    private StorageSettings.Cleaner cleaner() throws SettingsException {
        int threads = reader.integer("log.cleaner.threads", 1, 1, Integer.MAX_VALUE);
        return new StorageSettings.Cleaner(
                reader.flag("log.cleaner.enable", true),
                threads,
                reader.decimal("log.cleaner.io.max.bytes.per.second", Double.MAX_VALUE, 1, Double.MAX_VALUE),
                reader.number(
                        "log.cleaner.dedupe.buffer.size",
                        128 * 1024 * 1024,
                        threads * (MIN_DEDUPE_BYTES_PER_THREAD + 1),
                        Long.MAX_VALUE),
                reader.integer("log.cleaner.io.buffer.size", 512 * 1024, 0, Integer.MAX_VALUE),
                reader.decimal("log.cleaner.io.buffer.load.factor", 0.9, 0.01, 1),
                reader.number("log.cleaner.backoff.ms", 15_000, 0, Long.MAX_VALUE));
    }
}
