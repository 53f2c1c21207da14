package io.vitrine.partition;

/// What is done to all logs now and then, and how often, in milliseconds; the greatest number means never.
///
/// @param initialDelayMs how long after the start the first of these may run
/// @param recoveryPointMs writing `recovery-point-offset-checkpoint`
/// @param logStartMs writing `log-start-offset-checkpoint`
/// @param highWatermarkMs writing `replication-offset-checkpoint`
/// @param retentionMs looking for segments that are too old or too many
/// @param flushMs looking for logs that have been unforced for as long as their settings allow
/// @param producerExpirationMs forgetting producers that have been silent
/// @param recoveryThreads how many logs of one directory are opened at a time
public record StorageTasks(
        long initialDelayMs,
        long recoveryPointMs,
        long logStartMs,
        long highWatermarkMs,
        long retentionMs,
        long flushMs,
        long producerExpirationMs,
        int recoveryThreads) {
    /// Kafka's own.
    public static final StorageTasks DEFAULTS =
            new StorageTasks(30_000, 60_000, 60_000, 5_000, 300_000, Long.MAX_VALUE, 600_000, 2);

    public StorageTasks {
        if (initialDelayMs < 0 || recoveryThreads < 1) {
            throw new IllegalArgumentException(
                    "initialDelayMs %d, recoveryThreads %d".formatted(initialDelayMs, recoveryThreads));
        }
    }
}
