package io.vitrine.log;

/// Who compacts logs, and with how much memory and traffic.
///
/// @param maxBytesPerSecond read and written, by all threads together; `Double.MAX_VALUE` for no limit
/// @param dedupeBufferBytes for the map from keys to offsets, of all threads together
/// @param ioBufferBytes for reading and writing, of all threads together
/// @param loadFactor how full the map may get
/// @param backoffMs pause when there is nothing to compact
public record CleanerSettings(
        boolean enabled,
        int threads,
        double maxBytesPerSecond,
        long dedupeBufferBytes,
        int ioBufferBytes,
        double loadFactor,
        long backoffMs) {
    /// Kafka's own.
    public static final CleanerSettings DEFAULTS =
            new CleanerSettings(true, 1, Double.MAX_VALUE, 128 * 1024 * 1024, 512 * 1024, 0.9, 15_000);

    public CleanerSettings {
        if (threads < 1 || !(maxBytesPerSecond > 0) || dedupeBufferBytes < threads || !(loadFactor > 0)) {
            throw new IllegalArgumentException("threads %d, maxBytesPerSecond %s, dedupeBufferBytes %d, loadFactor %s"
                    .formatted(threads, maxBytesPerSecond, dedupeBufferBytes, loadFactor));
        }
    }
}
