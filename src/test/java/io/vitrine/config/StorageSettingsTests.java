package io.vitrine.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.StringReader;
import java.util.Properties;
import org.apache.kafka.storage.internals.log.LogConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StorageSettingsTests {
    private static final long DAY_MS = 86_400_000;

    @Test
    void theDefaultsAreKafkas() throws Exception {
        var kafka = new LogConfig(new Properties());

        var storage = SettingsFile.defaults().storage();

        assertThat(storage.segments())
                .isEqualTo(new StorageSettings.Segments(
                        kafka.segmentSize(),
                        kafka.segmentMs,
                        kafka.segmentJitterMs,
                        kafka.indexInterval,
                        kafka.maxIndexSize));
        assertThat(storage.flush()).isEqualTo(new StorageSettings.Flush(kafka.flushInterval, kafka.flushMs));
        assertThat(storage.retention())
                .isEqualTo(new StorageSettings.Retention(
                        kafka.delete, kafka.retentionMs, kafka.retentionSize, kafka.fileDeleteDelayMs));
        assertThat(storage.compaction())
                .isEqualTo(new StorageSettings.Compaction(
                        kafka.compact,
                        kafka.minCleanableRatio,
                        kafka.compactionLagMs,
                        kafka.maxCompactionLagMs,
                        kafka.deleteRetentionMs));
        assertThat(storage.producerExpirationMs()).isEqualTo(DAY_MS);
        assertThat(storage.tasks())
                .isEqualTo(
                        new StorageSettings.Tasks(30_000, 60_000, 60_000, 5_000, 300_000, Long.MAX_VALUE, 600_000, 2));
        assertThat(storage.cleaner())
                .isEqualTo(new StorageSettings.Cleaner(
                        true, 1, Double.MAX_VALUE, 128 * 1024 * 1024, 512 * 1024, 0.9, 15_000));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "log.segment.bytes=1048576 | Segments[bytes=1048576,",
                "log.roll.hours=2 | Segments[bytes=1073741824, ms=7200000,",
                "log.roll.ms=5;log.roll.hours=2 | Segments[bytes=1073741824, ms=5,",
                "log.roll.jitter.hours=1 | jitterMs=3600000",
                "log.roll.jitter.hours=1;log.roll.jitter.ms=7 | jitterMs=7",
                "log.index.interval.bytes=1 | indexIntervalBytes=1,",
                "log.index.size.max.bytes=4 | indexBytes=4]",
                "log.flush.interval.messages=9 | Flush[messages=9,",
                "log.flush.scheduler.interval.ms=70 | Flush[messages=9223372036854775807, ms=70]",
                "log.flush.scheduler.interval.ms=70 | flushMs=70",
                "log.flush.scheduler.interval.ms=70;log.flush.interval.ms=8 | Flush[messages=9223372036854775807, ms=8]",
                "log.retention.hours=1 | Retention[delete=true, ms=3600000,",
                "log.retention.hours=1;log.retention.minutes=2 | Retention[delete=true, ms=120000,",
                "log.retention.ms=6;log.retention.hours=1;log.retention.minutes=2 | Retention[delete=true, ms=6,",
                "log.retention.hours=-1 | Retention[delete=true, ms=-1,",
                "log.retention.minutes=-5 | Retention[delete=true, ms=-1,",
                "log.retention.ms=9223372036854775807 | Retention[delete=true, ms=9223372036854775807,",
                "log.retention.bytes=10 | bytes=10, deleteDelayMs",
                "log.retention.bytes=-9 | bytes=-1, deleteDelayMs",
                "log.segment.delete.delay.ms=0 | deleteDelayMs=0]",
                "log.cleanup.policy=compact | Retention[delete=false,",
                "log.cleanup.policy=compact | Compaction[compact=true,",
                "log.cleanup.policy=compact, delete | Compaction[compact=true,",
                "log.cleanup.policy=compact, delete | Retention[delete=true,",
                "log.cleanup.policy= | Retention[delete=false,",
                "log.cleaner.min.cleanable.ratio=1e-1 | minDirtyRatio=0.1,",
                "log.cleaner.min.compaction.lag.ms=3 | minLagMs=3,",
                "log.cleaner.max.compaction.lag.ms=4 | maxLagMs=4,",
                "log.cleaner.delete.retention.ms=0 | deleteRetentionMs=0]",
                "producer.id.expiration.ms=11 | producerExpirationMs=11, tasks",
                "log.initial.task.delay.ms=0 | initialDelayMs=0,",
                "log.flush.offset.checkpoint.interval.ms=12 | recoveryPointMs=12,",
                "log.flush.start.offset.checkpoint.interval.ms=13 | logStartMs=13,",
                "replica.high.watermark.checkpoint.interval.ms=14 | highWatermarkMs=14,",
                "log.retention.check.interval.ms=15 | retentionMs=15,",
                "producer.id.expiration.check.interval.ms=16 | producerExpirationMs=16, recovery",
                "num.recovery.threads.per.data.dir=17 | recoveryThreads=17]",
                "log.cleaner.enable=FALSE | Cleaner[enabled=false,",
                "log.cleaner.threads=2 | threads=2,",
                "log.cleaner.io.max.bytes.per.second=1e6 | maxBytesPerSecond=1000000.0,",
                "log.cleaner.dedupe.buffer.size=2000000 | dedupeBufferBytes=2000000,",
                "log.cleaner.io.buffer.size=0 | ioBufferBytes=0,",
                "log.cleaner.io.buffer.load.factor=0.5 | loadFactor=0.5,",
                "log.cleaner.backoff.ms=18 | backoffMs=18]",
            })
    void aNameOfKafkasIsHonoured(String lines, String expected) throws Exception {
        var settings = read(lines);

        assertThat(settings.storage().toString()).contains(expected);
        assertThat(settings.notes()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "log.segment.bytes=13 | expected an integer from 14",
                "log.roll.ms=0 | log.roll.ms=0: expected an integer from 1",
                "log.roll.hours=0 | log.roll.hours=0: expected an integer from 1",
                "log.roll.hours=x;log.roll.ms=1 | log.roll.hours=x: expected an integer",
                "log.roll.jitter.ms=-1 | log.roll.jitter.ms=-1: expected an integer from 0",
                "log.roll.jitter.hours=1.5 | log.roll.jitter.hours=1.5: expected an integer",
                "log.index.interval.bytes=-1 | expected an integer from 0",
                "log.index.size.max.bytes=3 | expected an integer from 4",
                "log.flush.interval.messages=0 | expected an integer from 1",
                "log.flush.interval.ms=-1 | expected an integer from 0",
                "log.flush.scheduler.interval.ms=0 | expected an integer from 1",
                "log.retention.ms=0 | log.retention.ms=0: expected 1 or more, or -1 for no limit",
                "log.retention.minutes=0 | log.retention.minutes=0: expected 1 or more, or -1 for no limit",
                "log.retention.hours=2147483648 | log.retention.hours=2147483648: expected an integer",
                "log.retention.ms= | log.retention.ms=: expected an integer",
                "log.retention.bytes=1k | log.retention.bytes=1k: expected an integer",
                "log.segment.delete.delay.ms=-1 | expected an integer from 0",
                "log.cleanup.policy=Delete | log.cleanup.policy=Delete: expected delete, compact, or both",
                "log.cleanup.policy=compact,keep | log.cleanup.policy=compact,keep: expected",
                "log.cleaner.min.cleanable.ratio=1.1 | expected a number from 0.0 to 1.0",
                "log.cleaner.min.cleanable.ratio=NaN | expected a number from 0.0 to 1.0",
                "log.cleaner.min.compaction.lag.ms=-1 | expected an integer from 0",
                "log.cleaner.max.compaction.lag.ms=0 | expected an integer from 1",
                "log.cleaner.max.compaction.lag.ms=5;log.cleaner.min.compaction.lag.ms=6 | an integer from 6",
                "log.cleaner.delete.retention.ms=-1 | expected an integer from 0",
                "producer.id.expiration.ms=0 | expected an integer from 1",
                "log.initial.task.delay.ms=-1 | expected an integer from 0",
                "log.flush.offset.checkpoint.interval.ms=0 | expected an integer from 1",
                "log.flush.start.offset.checkpoint.interval.ms=0 | expected an integer from 1",
                "replica.high.watermark.checkpoint.interval.ms=0 | expected an integer from 1",
                "log.retention.check.interval.ms=0 | expected an integer from 1",
                "producer.id.expiration.check.interval.ms=0 | expected an integer from 1",
                "num.recovery.threads.per.data.dir=0 | expected an integer from 1",
                "log.cleaner.enable=on | log.cleaner.enable=on: expected true or false",
                "log.cleaner.threads=0 | expected an integer from 1",
                "log.cleaner.io.max.bytes.per.second=0 | expected a number from 1.0",
                "log.cleaner.dedupe.buffer.size=1048576 | expected an integer from 1048577",
                "log.cleaner.threads=200 | log.cleaner.dedupe.buffer.size=134217728: expected",
                "log.cleaner.io.buffer.size=-1 | expected an integer from 0",
                "log.cleaner.io.buffer.load.factor=0 | expected a number from 0.01 to 1.0",
                "log.cleaner.backoff.ms=-1 | expected an integer from 0",
            })
    void aValueThatCanNotBeUsedIsNamed(String lines, String complaint) {
        assertThatExceptionOfType(SettingsException.class)
                .isThrownBy(() -> read(lines))
                .withMessageContaining(complaint)
                .withMessageMatching("(log|num|producer|replica)[a-z.]+=.*");
    }

    private static BrokerSettings read(String lines) throws Exception {
        var properties = new Properties();
        properties.load(new StringReader(lines.replace(';', '\n')));
        return SettingsFile.parse(properties);
    }
}
