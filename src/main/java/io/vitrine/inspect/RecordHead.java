package io.vitrine.inspect;

/// What is known of the next record before it is decoded.
///
/// @param timestamp [#AT_ONCE] for what is no record, and so has no time
/// @param sizeInBytes of the record in its batch, before compression
public record RecordHead(long offset, long timestamp, int sizeInBytes) {
    /// Before all times.
    public static final long AT_ONCE = Long.MIN_VALUE;

    static RecordHead atOnce(long offset) {
        return new RecordHead(offset, AT_ONCE, 0);
    }
}
