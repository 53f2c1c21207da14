package io.vitrine.log;

/// What the producer's earlier batches say of its next one.
public sealed interface ProducerVerdict {

    /// It comes in sequence, or nothing is known that speaks against it.
    record InSequence() implements ProducerVerdict {}

    /// It has been appended before.
    record Duplicate(long baseOffset, long maxTimestamp) implements ProducerVerdict {}

    /// A batch before it is missing.
    record Gap(long producerId, int expectedSequence, int foundSequence) implements ProducerVerdict {}

    /// A newer instance of the producer has taken over.
    record OldEpoch(long producerId, short currentEpoch, short foundEpoch) implements ProducerVerdict {}
}
