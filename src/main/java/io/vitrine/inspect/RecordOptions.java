package io.vitrine.inspect;

/// How records are shown.
///
/// @param maxValueBytes how much is kept of a key, of a value, and of all headers of a record together
/// @param onlyCommitted are those left out that a consumer of committed data is not given: what was aborted, and
///     markers?
public record RecordOptions(
        PayloadFormat keyFormat, PayloadFormat valueFormat, int maxValueBytes, boolean onlyCommitted) {
    public static final int DEFAULT_MAX_VALUE_BYTES = 64 * 1024;

    public static final RecordOptions DEFAULTS =
            new RecordOptions(PayloadFormat.AUTO, PayloadFormat.AUTO, DEFAULT_MAX_VALUE_BYTES);

    public RecordOptions(PayloadFormat keyFormat, PayloadFormat valueFormat, int maxValueBytes) {
        this(keyFormat, valueFormat, maxValueBytes, false);
    }

    public RecordOptions {
        if (maxValueBytes < 0) {
            throw new IllegalArgumentException("maxValueBytes %d is negative".formatted(maxValueBytes));
        }
    }
}
