package io.vitrine.partition;

import io.vitrine.metadata.TopicPartition;

/// What came of having something done to one log at once.
public sealed interface UpkeepOutcome {
    TopicPartition partition();

    /// Its retention rules were applied.
    ///
    /// @param bytesDeleted of the segments taken away
    record Retained(
            TopicPartition partition, long formerLogStart, long logStart, int segmentsDeleted, long bytesDeleted)
            implements UpkeepOutcome {
        /// Did it change anything?
        public boolean isChange() {
            return logStart != formerLogStart || segmentsDeleted > 0;
        }
    }

    /// It was compacted.
    record Compacted(TopicPartition partition, CleanerState.LastRun run) implements UpkeepOutcome {}

    /// Everything that was in it is on disk.
    record Flushed(TopicPartition partition, long formerDurable, long durable) implements UpkeepOutcome {}

    /// There was nothing to do.
    record Left(TopicPartition partition, String why) implements UpkeepOutcome {}

    /// It could not be done.
    record Failed(TopicPartition partition, String why) implements UpkeepOutcome {}
}
