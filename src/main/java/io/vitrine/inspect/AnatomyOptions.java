package io.vitrine.inspect;

/// Which records of a batch are taken apart, and how much of each field is shown.
///
/// @param recordsFrom index of the first one in the batch
/// @param limit how many
/// @param maxValueBytes shown of a field
public record AnatomyOptions(int recordsFrom, int limit, int maxValueBytes) {
    public static final AnatomyOptions DEFAULTS = new AnatomyOptions(0, 100, 256);

    public AnatomyOptions {
        if (recordsFrom < 0 || limit < 0 || maxValueBytes < 0) {
            throw new IllegalArgumentException("recordsFrom %d, limit %d and maxValueBytes %d must not be negative"
                    .formatted(recordsFrom, limit, maxValueBytes));
        }
    }
}
