package io.vitrine.inspect;

/// How records are shown.
///
/// @param maxValueBytes how much is kept of a key, of a value, and of all headers of a record together
public record RecordOptions(PayloadFormat keyFormat, PayloadFormat valueFormat, int maxValueBytes) {
    public static final int DEFAULT_MAX_VALUE_BYTES = 64 * 1024;

    public static final RecordOptions DEFAULTS =
            new RecordOptions(PayloadFormat.AUTO, PayloadFormat.AUTO, DEFAULT_MAX_VALUE_BYTES);

    public RecordOptions {
        if (maxValueBytes < 0) {
            throw new IllegalArgumentException("maxValueBytes %d is negative".formatted(maxValueBytes));
        }
    }
}
