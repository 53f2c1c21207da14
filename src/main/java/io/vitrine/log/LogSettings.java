package io.vitrine.log;

/// How a partition log is laid out on disk.
///
/// @param segmentBytes size at which the active segment is closed and the next one begun (`segment.bytes`)
/// @param indexIntervalBytes log bytes between two entries of the offset index
/// @param producerExpirationMs how old a producer's last batch may be for the producer to be known still
///     (`producer.id.expiration.ms`)
public record LogSettings(int segmentBytes, int indexIntervalBytes, long producerExpirationMs) {
    public static final LogSettings DEFAULTS = new LogSettings(1024 * 1024 * 1024, 16 * 1024, 86_400_000);

    public LogSettings {
        if (segmentBytes < 1 || indexIntervalBytes < 1) {
            throw new IllegalArgumentException("segmentBytes %d and indexIntervalBytes %d must be positive"
                    .formatted(segmentBytes, indexIntervalBytes));
        }
    }
}
