package io.vitrine.partition;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.vitrine.log.LogSettings;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.storage.internals.log.LogConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;

class TopicRulesTests {
    private static final TopicRules RULES = TopicRules.KAFKA_DEFAULTS;

    @Test
    void aTopicThatSaysNothingGetsTheDefaults() {
        assertThat(RULES.logSettings(Map.of())).isEqualTo(LogSettings.DEFAULTS);
        assertThat(RULES.batchRules(Map.of()).keyRequired()).isFalse();
        assertThat(RULES.batchRules(Map.of()).maxBatchBytes()).isEqualTo(1_048_588);
    }

    @Test
    void theDefaultsOfTheBrokerStandBehindATopicsOwn() {
        var compacting = new LogSettings.Compaction(true, 0.25, 1, 2, 3);
        var rules = RULES.withLog(LogSettings.DEFAULTS.withCompaction(compacting));

        var settings = rules.logSettings(Map.of("delete.retention.ms", "4"));

        assertThat(settings.compaction()).isEqualTo(new LogSettings.Compaction(true, 0.25, 1, 2, 4));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "segment.bytes=2000000",
                "segment.ms=1",
                "segment.jitter.ms=2",
                "segment.index.bytes=4",
                "index.interval.bytes=0",
                "retention.ms=-1",
                "retention.ms=0",
                "retention.bytes=5",
                "file.delete.delay.ms=0",
                "cleanup.policy=compact",
                "cleanup.policy=compact, delete",
                "cleanup.policy=delete,compact",
                "cleanup.policy=",
                "min.cleanable.dirty.ratio=1",
                "min.compaction.lag.ms=6",
                "max.compaction.lag.ms=7",
                "delete.retention.ms=8",
                "flush.messages=9",
                "flush.ms=0",
                // Those below can't be used.
                "segment.bytes=13",
                "segment.bytes=1g",
                "segment.bytes=99999999999",
                "segment.ms=0",
                "segment.jitter.ms=-1",
                "segment.index.bytes=3",
                "index.interval.bytes=-1",
                "retention.ms=-2",
                "retention.bytes=",
                "file.delete.delay.ms=-1",
                "cleanup.policy=Compact",
                "min.cleanable.dirty.ratio=2",
                "min.compaction.lag.ms=-1",
                "max.compaction.lag.ms=0",
                "delete.retention.ms=-1",
                "flush.messages=0",
                "flush.ms=-1",
            })
    void aConfigIsReadAsKafkaReadsIt(String entry) {
        var configs = Map.of(
                entry.substring(0, entry.indexOf('=')),
                entry.substring(entry.indexOf('=') + 1).strip());

        assertThat(RULES.logSettings(configs)).isEqualTo(asKafka(configs));
    }

    @Test
    void aLeastLagAboveTheGreatestLiftsIt() {
        var settings = RULES.logSettings(Map.of("min.compaction.lag.ms", "20", "max.compaction.lag.ms", "10"));

        assertThat(settings.compaction().minLagMs()).isEqualTo(20);
        assertThat(settings.compaction().maxLagMs()).isGreaterThanOrEqualTo(20);
    }

    @Test
    void whatIsToBeCompactedSoonIsClosedSoon() {
        var lag = Map.of("max.compaction.lag.ms", "1000", "cleanup.policy", "compact");

        assertThat(RULES.logSettings(lag).segments().ms()).isEqualTo(1000);
        assertThat(RULES.logSettings(Map.of("max.compaction.lag.ms", "1000", "cleanup.policy", "delete"))
                        .segments()
                        .ms())
                .isGreaterThan(1000);
    }

    @Test
    void whatIsAskedOfBatchesIsRead() {
        var rules = RULES.batchRules(Map.of(
                "max.message.bytes", "100",
                "message.timestamp.type", "LogAppendTime",
                "message.timestamp.before.max.ms", "5",
                "message.timestamp.after.max.ms", "-1",
                "cleanup.policy", "delete,compact"));

        assertThat(rules.maxBatchBytes()).isEqualTo(100);
        assertThat(rules.logAppendTime()).isTrue();
        assertThat(rules.timestampBeforeMaxMs()).isEqualTo(5);
        assertThat(rules.timestampAfterMaxMs()).isEqualTo(3_600_000);
        assertThat(rules.keyRequired()).isTrue();
    }

    @Test
    void aValueThatCanNotBeUsedIsReportedOnce() {
        var rules = RULES.withLog(LogSettings.DEFAULTS);
        var logged = new ListAppender<ILoggingEvent>();
        var logger = (Logger) LoggerFactory.getLogger(TopicConfigReader.class);
        logged.start();
        logger.addAppender(logged);

        try {
            rules.logSettings(Map.of("cleanup.policy", "shred"));
            rules.batchRules(Map.of("cleanup.policy", "shred"));
            rules.logSettings(Map.of("cleanup.policy", "shred"));
        } finally {
            logger.detachAppender(logged);
        }

        assertThat(logged.list).singleElement().asString().contains("cleanup.policy=shred");
    }

    /// What Kafka makes of `configs`, and of none if it refuses them.
    private static LogSettings asKafka(Map<String, String> configs) {
        LogConfig kafka;
        try {
            LogConfig.validate(new HashMap<>(configs));
            kafka = new LogConfig(configs);
        } catch (RuntimeException e) {
            kafka = new LogConfig(new Properties());
        }
        return new LogSettings(
                new LogSettings.Segments(
                        kafka.segmentSize(),
                        kafka.segmentMs,
                        kafka.segmentJitterMs,
                        kafka.indexInterval,
                        kafka.maxIndexSize),
                new LogSettings.Flush(kafka.flushInterval, kafka.flushMs),
                new LogSettings.Retention(
                        kafka.delete, kafka.retentionMs, kafka.retentionSize, kafka.fileDeleteDelayMs),
                new LogSettings.Compaction(
                        kafka.compact,
                        kafka.minCleanableRatio,
                        kafka.compactionLagMs,
                        kafka.maxCompactionLagMs,
                        kafka.deleteRetentionMs),
                LogSettings.DEFAULTS.producerExpirationMs());
    }
}
