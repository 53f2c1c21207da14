package io.vitrine.inspect;

/// Which records of a batch are taken apart, and how much of each field is shown.
///
/// @param recordsFrom index of the first one in the batch
/// @param limit how many
/// @param maxValueBytes shown of a field
/// @param bounds what the whole batch may cost
public record AnatomyOptions(int recordsFrom, int limit, int maxValueBytes, Bounds bounds) {
    public static final AnatomyOptions DEFAULTS = new AnatomyOptions(0, 100, 256, Bounds.DEFAULTS);

    public AnatomyOptions {
        if (recordsFrom < 0 || limit < 0 || maxValueBytes < 0) {
            throw new IllegalArgumentException("recordsFrom %d, limit %d and maxValueBytes %d must not be negative"
                    .formatted(recordsFrom, limit, maxValueBytes));
        }
    }

    /// What one batch may cost, whatever it claims.
    ///
    /// @param unpackedBytes where unpacking stops
    /// @param shownBytes of all its fields together, about
    public record Bounds(long unpackedBytes, long shownBytes) {
        public static final Bounds DEFAULTS = new Bounds(BatchRecords.MAX_UNCOMPRESSED_BYTES, 4 * 1024 * 1024);
    }
}
