package io.vitrine.config;

/// How logs are kept on disk where a topic says nothing itself, and the work that is done on them in the background.
/// Times are in milliseconds; the greatest number, or -1 where Kafka says so, means that there is no limit.
///
/// @param producerExpirationMs `producer.id.expiration.ms`
public record StorageSettings(
        Segments segments,
        Flush flush,
        Retention retention,
        Compaction compaction,
        long producerExpirationMs,
        Tasks tasks,
        Cleaner cleaner) {

    /// When a segment ends, and its indexes.
    ///
    /// @param bytes `log.segment.bytes`
    /// @param ms `log.roll.ms`, or `log.roll.hours`
    /// @param jitterMs `log.roll.jitter.ms`, or `log.roll.jitter.hours`
    /// @param indexIntervalBytes `log.index.interval.bytes`
    /// @param indexBytes `log.index.size.max.bytes`
    public record Segments(int bytes, long ms, long jitterMs, int indexIntervalBytes, int indexBytes) {}

    /// When records are forced to disk that nobody waits for.
    ///
    /// @param messages `log.flush.interval.messages`
    /// @param ms `log.flush.interval.ms`, or `log.flush.scheduler.interval.ms`
    public record Flush(long messages, long ms) {}

    /// When old segments go.
    ///
    /// @param delete `log.cleanup.policy` contains `delete`
    /// @param ms `log.retention.ms`, or `.minutes`, or `.hours`; -1 for ever
    /// @param bytes `log.retention.bytes`; -1 for any size
    /// @param deleteDelayMs `log.segment.delete.delay.ms`
    public record Retention(boolean delete, long ms, long bytes, long deleteDelayMs) {}

    /// What compaction keeps.
    ///
    /// @param compact `log.cleanup.policy` contains `compact`
    /// @param minDirtyRatio `log.cleaner.min.cleanable.ratio`
    /// @param minLagMs `log.cleaner.min.compaction.lag.ms`
    /// @param maxLagMs `log.cleaner.max.compaction.lag.ms`
    /// @param deleteRetentionMs `log.cleaner.delete.retention.ms`
    public record Compaction(
            boolean compact, double minDirtyRatio, long minLagMs, long maxLagMs, long deleteRetentionMs) {}

    /// What is done now and then, and how often.
    ///
    /// @param initialDelayMs `log.initial.task.delay.ms`
    /// @param recoveryPointMs `log.flush.offset.checkpoint.interval.ms`
    /// @param logStartMs `log.flush.start.offset.checkpoint.interval.ms`
    /// @param highWatermarkMs `replica.high.watermark.checkpoint.interval.ms`
    /// @param retentionMs `log.retention.check.interval.ms`
    /// @param flushMs `log.flush.scheduler.interval.ms`
    /// @param producerExpirationMs `producer.id.expiration.check.interval.ms`
    /// @param recoveryThreads `num.recovery.threads.per.data.dir`
    public record Tasks(
            long initialDelayMs,
            long recoveryPointMs,
            long logStartMs,
            long highWatermarkMs,
            long retentionMs,
            long flushMs,
            long producerExpirationMs,
            int recoveryThreads) {}

    /// Who compacts, and with how much.
    ///
    /// @param enabled `log.cleaner.enable`
    /// @param threads `log.cleaner.threads`
    /// @param maxBytesPerSecond `log.cleaner.io.max.bytes.per.second`
    /// @param dedupeBufferBytes `log.cleaner.dedupe.buffer.size`, of all threads together
    /// @param ioBufferBytes `log.cleaner.io.buffer.size`, of all threads together
    /// @param loadFactor `log.cleaner.io.buffer.load.factor`, of the dedupe buffer
    /// @param backoffMs `log.cleaner.backoff.ms`
    public record Cleaner(
            boolean enabled,
            int threads,
            double maxBytesPerSecond,
            long dedupeBufferBytes,
            int ioBufferBytes,
            double loadFactor,
            long backoffMs) {}
}
