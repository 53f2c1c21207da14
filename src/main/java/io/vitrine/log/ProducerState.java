package io.vitrine.log;

import io.vitrine.record.RecordBatch;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/// What a partition remembers of one idempotent producer: its epoch and its last batches, as many as Kafka's client
/// may have in flight.
final class ProducerState {
    private static final int BATCHES_KEPT = 5;
    private static final int NO_SEQUENCE = -1;

    private final Deque<Batch> batches = new ArrayDeque<>(BATCHES_KEPT);
    private short epoch;

    /// A batch that was appended.
    ///
    /// @param lastSequence wraps around from the greatest integer to 0
    record Batch(int firstSequence, int lastSequence, long baseOffset, long maxTimestamp) {
        static Batch of(RecordBatch batch) {
            return new Batch(
                    batch.baseSequence(),
                    add(batch.baseSequence(), batch.lastOffsetDelta()),
                    batch.baseOffset(),
                    batch.maxTimestamp());
        }
    }

    ProducerState(short epoch) {
        this.epoch = epoch;
    }

    short epoch() {
        return epoch;
    }

    /// The sequence of the last record; -1 if there is none in this epoch.
    int lastSequence() {
        return batches.isEmpty() ? NO_SEQUENCE : batches.getLast().lastSequence();
    }

    /// The greatest timestamp of the last batch.
    long lastTimestamp() {
        return batches.isEmpty() ? RecordBatch.NO_TIMESTAMP : batches.getLast().maxTimestamp();
    }

    /// The sequence that has to come next.
    int nextSequence() {
        return batches.isEmpty() ? 0 : add(lastSequence(), 1);
    }

    /// Has this batch been appended before?
    Optional<Batch> findDuplicate(RecordBatch batch) {
        var candidate = Batch.of(batch);
        return batch.producerEpoch() != epoch
                ? Optional.empty()
                : batches.stream()
                        .filter(known -> known.firstSequence() == candidate.firstSequence()
                                && known.lastSequence() == candidate.lastSequence())
                        .findFirst();
    }

    void add(RecordBatch batch) {
        if (batch.producerEpoch() != epoch) {
            epoch = batch.producerEpoch();
            batches.clear();
        }
        if (batches.size() == BATCHES_KEPT) {
            batches.removeFirst();
        }
        batches.addLast(Batch.of(batch));
    }

    private static int add(int sequence, int increment) {
        return (int) (((long) sequence + increment) & Integer.MAX_VALUE);
    }
}
