package io.vitrine.partition;

import io.vitrine.log.LogSettings;
import io.vitrine.record.BatchRules;
import io.vitrine.record.Codec;
import io.vitrine.record.StoredCompression;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// What a topic's own configuration makes of the broker's defaults, by Kafka's names and within Kafka's limits. A
/// value that can't be used is reported once, and the default holds.
public final class TopicRules {
    private static final int MIN_SEGMENT_BYTES = 14;
    private static final int MIN_INDEX_BYTES = 4;

    /// Kafka's own defaults, and 100 MiB for what a compressed batch may unpack to.
    public static final TopicRules KAFKA_DEFAULTS = new TopicRules(
            new BatchRules(
                    1_048_588, false, Long.MAX_VALUE, 3_600_000, false, 100 * 1024 * 1024, StoredCompression.AS_SENT),
            LogSettings.DEFAULTS);

    private final BatchRules batchDefaults;
    private final LogSettings logDefaults;
    private final Set<String> reported = ConcurrentHashMap.newKeySet();

    /// @param batchDefaults for topics that set nothing themselves, as are `logDefaults`
    public TopicRules(BatchRules batchDefaults, LogSettings logDefaults) {
        this.batchDefaults = batchDefaults;
        this.logDefaults = logDefaults;
    }

    /// These rules with other defaults for logs.
    public TopicRules withLog(LogSettings newDefaults) {
        return new TopicRules(batchDefaults, newDefaults);
    }

    /// What is asked of the batches of a topic with these configs.
    BatchRules batchRules(Map<String, String> configs) {
        var reader = new TopicConfigReader(configs, reported);
        return new BatchRules(
                reader.integer("max.message.bytes", batchDefaults.maxBatchBytes(), 0),
                reader.flag("message.timestamp.type", "LogAppendTime", "CreateTime", batchDefaults.logAppendTime()),
                reader.number("message.timestamp.before.max.ms", batchDefaults.timestampBeforeMaxMs(), 0),
                reader.number("message.timestamp.after.max.ms", batchDefaults.timestampAfterMaxMs(), 0),
                reader.policy(logDefaults.retention().delete(), batchDefaults.keyRequired())
                        .compact(),
                Math.min(
                        batchDefaults.maxUncompressedBytes(),
                        reader.number("max.decompressed.message.bytes", batchDefaults.maxUncompressedBytes(), 1)),
                compression(reader));
    }

    private StoredCompression compression(TopicConfigReader reader) {
        var defaults = batchDefaults.compression();
        return new StoredCompression(
                reader.compressionType("compression.type", defaults.type()),
                reader.level("compression.gzip.level", defaults.gzipLevel(), Codec.GZIP),
                reader.level("compression.lz4.level", defaults.lz4Level(), Codec.LZ4),
                reader.level("compression.zstd.level", defaults.zstdLevel(), Codec.ZSTD));
    }

    /// How the logs of a topic with these configs are kept.
    LogSettings logSettings(Map<String, String> configs) {
        var reader = new TopicConfigReader(configs, reported);
        var policy = reader.policy(
                logDefaults.retention().delete(), logDefaults.compaction().compact());
        var compaction = compaction(reader, policy.compact());
        return new LogSettings(
                segments(reader, compaction.rollMs()),
                flush(reader),
                retention(reader, policy.delete()),
                compaction,
                logDefaults.producerExpirationMs());
    }

    /// @param rollMs only what is closed can be compacted, so that compaction may ask for it earlier than
    /// `segment.ms`
    private LogSettings.Segments segments(TopicConfigReader reader, long rollMs) {
        var defaults = logDefaults.segments();
        int bytes = reader.integer("segment.bytes", defaults.bytes(), MIN_SEGMENT_BYTES);
        return new LogSettings.Segments(
                reader.integer("internal.segment.bytes", bytes, MIN_SEGMENT_BYTES),
                Math.min(rollMs, reader.number("segment.ms", defaults.ms(), 1)),
                reader.number("segment.jitter.ms", defaults.jitterMs(), 0),
                reader.integer("index.interval.bytes", defaults.indexIntervalBytes(), 0),
                reader.integer("segment.index.bytes", defaults.indexBytes(), MIN_INDEX_BYTES));
    }

    private LogSettings.Flush flush(TopicConfigReader reader) {
        var defaults = logDefaults.flush();
        return new LogSettings.Flush(
                reader.number("flush.messages", defaults.messages(), 1), reader.number("flush.ms", defaults.ms(), 0));
    }

    private LogSettings.Retention retention(TopicConfigReader reader, boolean delete) {
        var defaults = logDefaults.retention();
        return new LogSettings.Retention(
                delete,
                reader.number("retention.ms", defaults.ms(), -1),
                Math.max(-1, reader.number("retention.bytes", defaults.bytes(), Long.MIN_VALUE)),
                reader.number("file.delete.delay.ms", defaults.fileDeleteDelayMs(), 0));
    }

    /// A least lag above the greatest would never let anything be compacted; the greatest gives way.
    private LogSettings.Compaction compaction(TopicConfigReader reader, boolean compact) {
        var defaults = logDefaults.compaction();
        long minLagMs = reader.number("min.compaction.lag.ms", defaults.minLagMs(), 0);
        return new LogSettings.Compaction(
                compact,
                reader.ratio("min.cleanable.dirty.ratio", defaults.minDirtyRatio()),
                minLagMs,
                Math.max(minLagMs, reader.number("max.compaction.lag.ms", defaults.maxLagMs(), Math.max(1, minLagMs))),
                reader.number("delete.retention.ms", defaults.deleteRetentionMs(), 0));
    }
}
