package io.vitrine.partition;

import io.vitrine.record.Refusal;

/// How an append ended.
public sealed interface AppendOutcome {

    /// The batch is in the log, as durable as was asked.
    ///
    /// @param baseOffset offset of its first record
    /// @param logAppendTimeMs the time the broker gave it, or -1 where the topic keeps the client's timestamps
    record Appended(long baseOffset, long logAppendTimeMs, long logStartOffset) implements AppendOutcome {}

    /// The batch had been appended before: a retry of an idempotent producer that missed the answer. Nothing was
    /// written.
    ///
    /// @param baseOffset offset that its first record got then
    /// @param logAppendTimeMs the greatest timestamp of the batch, which is what Kafka answers
    record Duplicate(long baseOffset, long logAppendTimeMs, long logStartOffset) implements AppendOutcome {}

    /// The batch is not acceptable; nothing was written.
    record Refused(Refusal refusal) implements AppendOutcome {}

    /// The disk did not take the batch, or the partition is offline already. It is not acknowledged.
    record StorageFailed(String reason) implements AppendOutcome {}

    /// The partition's topic was deleted before the batch was acknowledged.
    record Deleted() implements AppendOutcome {}
}
