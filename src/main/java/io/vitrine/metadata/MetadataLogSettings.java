package io.vitrine.metadata;

import java.util.concurrent.TimeUnit;

/// How the metadata log is kept from growing for ever.
///
/// @param maxBytesBetweenCheckpoints `metadata.log.max.record.bytes.between.snapshots`
/// @param maxCheckpointIntervalMs `metadata.log.max.snapshot.interval.ms`; 0 for no limit
/// @param segmentBytes `metadata.log.segment.bytes`
/// @param segmentMs `metadata.log.segment.ms`
/// @param retentionBytes `metadata.max.retention.bytes`, of log and checkpoints together; negative for no limit
/// @param retentionMs `metadata.max.retention.ms`; negative for no limit
public record MetadataLogSettings(
        long maxBytesBetweenCheckpoints,
        long maxCheckpointIntervalMs,
        long segmentBytes,
        long segmentMs,
        long retentionBytes,
        long retentionMs) {

    /// What Apache Kafka does if nothing is set.
    public static final MetadataLogSettings DEFAULTS = new MetadataLogSettings(
            20 * 1024 * 1024,
            TimeUnit.HOURS.toMillis(1),
            1024 * 1024 * 1024,
            TimeUnit.DAYS.toMillis(7),
            100 * 1024 * 1024,
            TimeUnit.DAYS.toMillis(7));
}
