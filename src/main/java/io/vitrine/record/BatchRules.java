package io.vitrine.record;

/// What a topic asks of the batches written to it.
///
/// @param maxBatchBytes `max.message.bytes`
/// @param logAppendTime `message.timestamp.type` is `LogAppendTime`: the broker sets the timestamps, the client's do
///     not matter
/// @param timestampBeforeMaxMs how far a timestamp may lie behind the broker's clock
/// @param timestampAfterMaxMs how far a timestamp may lie ahead of the broker's clock
/// @param keyRequired the topic is compacted
/// @param maxUncompressedBytes where unpacking a batch stops
/// @param compression `compression.type`, and its levels
public record BatchRules(
        int maxBatchBytes,
        boolean logAppendTime,
        long timestampBeforeMaxMs,
        long timestampAfterMaxMs,
        boolean keyRequired,
        long maxUncompressedBytes,
        StoredCompression compression) {
    // Far beyond what data that mean something reach.
    private static final long MAX_RATIO = 5_000;
    private static final long ALWAYS_ALLOWED_BYTES = 16 * 1024 * 1024;

    /// Where unpacking stops for records that have `compressedBytes` as they are: a few kilobytes must not cost the
    /// work of a hundred megabytes.
    long maxUncompressedBytes(int compressedBytes) {
        return limit(maxUncompressedBytes, compressedBytes);
    }

    static long limit(long maxUncompressedBytes, int compressedBytes) {
        return Math.min(maxUncompressedBytes, Math.max(ALWAYS_ALLOWED_BYTES, MAX_RATIO * compressedBytes));
    }
}
