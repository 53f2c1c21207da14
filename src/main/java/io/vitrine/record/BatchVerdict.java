package io.vitrine.record;

/// What [BatchCheck] says of the bytes a client wants appended.
public sealed interface BatchVerdict {

    /// The bytes hold one sound batch.
    ///
    /// @param batch as it is to be stored
    /// @param maxTimestamp the greatest timestamp that its records really have, or [RecordBatch#NO_TIMESTAMP]
    record Sound(RecordBatch batch, long maxTimestamp) implements BatchVerdict {}

    /// The bytes can't be taken.
    record Unsound(Refusal refusal) implements BatchVerdict {}
}
