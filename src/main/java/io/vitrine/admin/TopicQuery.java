package io.vitrine.admin;

import io.vitrine.inspect.RecordFilter;
import io.vitrine.inspect.RecordOptions;
import io.vitrine.log.Offsets;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/// Which records of a topic are wanted, and how they are shown: what the calls on whole topics have in common.
///
/// @param partition the only one wanted; empty for all
/// @param committed end before the first transaction that is still open?
record TopicQuery(OptionalInt partition, RecordOptions options, RecordFilter filter, boolean committed) {
    static final int MAX_FILTER_CHARS = 1_000;

    /// @param maxValueBytes the most that the caller may ask to be shown of a value
    static TopicQuery of(QueryParameters parameters, int maxValueBytes) {
        int partition = parameters.number("partition", -1, 0, Integer.MAX_VALUE);
        boolean committed = parameters
                .word("isolation", "read_uncommitted", "read_committed")
                .equals("read_committed");
        var options = new RecordOptions(
                parameters.format("keyFormat"),
                parameters.format("valueFormat"),
                parameters.number("maxValueBytes", RecordOptions.DEFAULT_MAX_VALUE_BYTES, 0, maxValueBytes),
                committed);
        var filter = new RecordFilter(
                condition(parameters, "key"),
                condition(parameters, "keyPrefix"),
                condition(parameters, "contains"),
                condition(parameters, "header"));
        return new TopicQuery(
                partition < 0 ? OptionalInt.empty() : OptionalInt.of(partition), options, filter, committed);
    }

    /// Where reading ends.
    long end(Offsets offsets) {
        return committed ? offsets.lastStableOffset() : offsets.highWatermark();
    }

    private static @Nullable String condition(QueryParameters parameters, String name) {
        var given = parameters.text(name);
        if (given.isPresent() && given.get().length() > MAX_FILTER_CHARS) {
            parameters.violate(name, "has more than %d characters".formatted(MAX_FILTER_CHARS));
            return null;
        }
        return given.orElse(null);
    }
}
