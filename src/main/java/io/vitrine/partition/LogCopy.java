package io.vitrine.partition;

import io.vitrine.metadata.TopicPartition;
import java.nio.file.Path;

/// A copy of a log: a directory with all of its closed segments and what goes with them, as the log was at one
/// moment. Nothing is ever appended to what lies in it.
///
/// @param logStart the records before it were deleted
/// @param end where the log went on
public record LogCopy(TopicPartition partition, Path directory, long logStart, long end) {
    public LogCopy {
        if (logStart < 0 || end < logStart) {
            throw new IllegalArgumentException("%s from %d to %d".formatted(partition, logStart, end));
        }
    }
}
