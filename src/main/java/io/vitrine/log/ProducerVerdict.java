package io.vitrine.log;

/// What the producer's earlier batches say of its next one.
public sealed interface ProducerVerdict {

    /// It comes in sequence, or nothing is known that speaks against it.
    record InSequence() implements ProducerVerdict {
        static final InSequence INSTANCE = new InSequence();
    }

    /// It has been appended before.
    record Duplicate(long baseOffset, long maxTimestamp) implements ProducerVerdict {}

    /// A batch before it is missing.
    record Gap(long producerId, int expectedSequence, int foundSequence) implements ProducerVerdict {}

    /// A newer instance of the producer has taken over.
    record OldEpoch(long producerId, short currentEpoch, short foundEpoch) implements ProducerVerdict {}

    /// It stands outside transactions, while one of its producer is open.
    record OutsideTransaction(long producerId, long firstOffset) implements ProducerVerdict {}

    /// It ends a transaction, and a newer coordinator has done so before.
    record OldCoordinator(long producerId, int currentEpoch, int foundEpoch) implements ProducerVerdict {}
}
