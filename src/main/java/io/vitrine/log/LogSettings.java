package io.vitrine.log;

/// How a partition log is laid out and kept, by the names of Kafka's topic configs. A time or size of -1 (or, where
/// Kafka says so, the greatest number) means that there is no such limit.
///
/// @param producerExpirationMs how old a producer's last batch may be for the producer to be known still
///     (`producer.id.expiration.ms`)
public record LogSettings(
        Segments segments, Flush flush, Retention retention, Compaction compaction, long producerExpirationMs) {
    public static final LogSettings DEFAULTS = new LogSettings(
            new Segments(1024 * 1024 * 1024, 7L * 24 * 60 * 60 * 1000, 0, 4096, 10 * 1024 * 1024),
            new Flush(Long.MAX_VALUE, Long.MAX_VALUE),
            new Retention(true, 7L * 24 * 60 * 60 * 1000, -1, 60_000),
            new Compaction(false, 0.5, 0, Long.MAX_VALUE, 24L * 60 * 60 * 1000),
            86_400_000);

    /// When a segment is closed and the next one begun, and how finely it is indexed.
    ///
    /// @param bytes `segment.bytes`
    /// @param ms `segment.ms`, by record timestamps, or by the clock where records have none
    /// @param jitterMs `segment.jitter.ms`: at most this much is taken off `ms`, at random for each segment
    /// @param indexIntervalBytes `index.interval.bytes`: log bytes between two index entries
    /// @param indexBytes `segment.index.bytes`: size at which an index is full
    public record Segments(int bytes, long ms, long jitterMs, int indexIntervalBytes, int indexBytes) {
        public Segments {
            if (bytes < 1 || ms < 1 || jitterMs < 0 || indexIntervalBytes < 0 || indexBytes < 4) {
                throw new IllegalArgumentException("bytes %d, ms %d, jitterMs %d, indexIntervalBytes %d, indexBytes %d"
                        .formatted(bytes, ms, jitterMs, indexIntervalBytes, indexBytes));
            }
        }
    }

    /// When records are forced to disk that nobody waits for.
    ///
    /// @param messages `flush.messages`: after so many records
    /// @param ms `flush.ms`: when a record has been unforced for so long
    public record Flush(long messages, long ms) {}

    /// When old segments are deleted.
    ///
    /// @param delete does `cleanup.policy` contain `delete`? Else neither age nor size deletes anything
    /// @param ms `retention.ms`, by record timestamps; -1 for ever
    /// @param bytes `retention.bytes`; -1 for any size
    /// @param fileDeleteDelayMs `file.delete.delay.ms`: how long a deleted segment's files stay under another name
    public record Retention(boolean delete, long ms, long bytes, long fileDeleteDelayMs) {}

    /// What compaction keeps and when it runs.
    ///
    /// @param compact does `cleanup.policy` contain `compact`?
    /// @param minDirtyRatio `min.cleanable.dirty.ratio`
    /// @param minLagMs `min.compaction.lag.ms`: records younger than this are left alone
    /// @param maxLagMs `max.compaction.lag.ms`: records older than this are compacted whatever the dirty ratio
    /// @param deleteRetentionMs `delete.retention.ms`: how long tombstones stay
    public record Compaction(
            boolean compact, double minDirtyRatio, long minLagMs, long maxLagMs, long deleteRetentionMs) {

        /// How old a segment may get before it is closed so that it can be compacted in time; as in Kafka, it takes
        /// an append to close it.
        public long rollMs() {
            return compact && maxLagMs > 0 ? maxLagMs : Long.MAX_VALUE;
        }
    }

    /// These settings with another segment size.
    public LogSettings withSegmentBytes(int bytes) {
        var s = segments;
        return withSegments(new Segments(bytes, s.ms(), s.jitterMs(), s.indexIntervalBytes(), s.indexBytes()));
    }

    /// These settings with other rules for segments.
    public LogSettings withSegments(Segments newSegments) {
        return new LogSettings(newSegments, flush, retention, compaction, producerExpirationMs);
    }

    public LogSettings withFlush(Flush newFlush) {
        return new LogSettings(segments, newFlush, retention, compaction, producerExpirationMs);
    }

    public LogSettings withRetention(Retention newRetention) {
        return new LogSettings(segments, flush, newRetention, compaction, producerExpirationMs);
    }

    public LogSettings withCompaction(Compaction newCompaction) {
        return new LogSettings(segments, flush, retention, newCompaction, producerExpirationMs);
    }

    public LogSettings withProducerExpirationMs(long ms) {
        return new LogSettings(segments, flush, retention, compaction, ms);
    }
}
