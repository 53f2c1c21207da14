package io.vitrine.log;

import io.vitrine.record.RecordBatch;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/// What a partition remembers of one idempotent producer: its epoch, its last batches, as many as Kafka's client
/// may have in flight, and where its open transaction begins.
final class ProducerState {
    private static final int BATCHES_KEPT = 5;
    private static final int NO_SEQUENCE = -1;
    private static final int NO_OFFSET = -1;
    private static final int NO_EPOCH = -1;

    private final Deque<Batch> batches = new ArrayDeque<>(BATCHES_KEPT);
    private short epoch;
    private long lastTimestamp = RecordBatch.NO_TIMESTAMP;
    private int coordinatorEpoch = NO_EPOCH;
    private long currentTxnFirstOffset = NO_OFFSET;

    /// A batch that was appended.
    ///
    /// @param lastSequence wraps around from the greatest integer to 0
    record Batch(int firstSequence, int lastSequence, long baseOffset, int offsetDelta, long maxTimestamp) {
        static Batch of(RecordBatch batch) {
            return new Batch(
                    batch.baseSequence(),
                    plus(batch.baseSequence(), batch.lastOffsetDelta()),
                    batch.baseOffset(),
                    batch.lastOffsetDelta(),
                    batch.maxTimestamp());
        }

        static Batch lastOf(ProducerSnapshotEntry entry) {
            return new Batch(
                    plus(entry.lastSequence(), -entry.offsetDelta()),
                    entry.lastSequence(),
                    entry.lastOffset() - entry.offsetDelta(),
                    entry.offsetDelta(),
                    entry.timestamp());
        }
    }

    ProducerState(short epoch) {
        this.epoch = epoch;
    }

    /// What a snapshot knows: the last batch only, so an older one that is sent again is out of sequence.
    static ProducerState restored(ProducerSnapshotEntry entry) {
        var state = new ProducerState(entry.epoch());
        if (entry.lastOffset() >= 0) {
            state.batches.add(Batch.lastOf(entry));
        }
        state.lastTimestamp = entry.timestamp();
        state.coordinatorEpoch = entry.coordinatorEpoch();
        state.currentTxnFirstOffset = entry.currentTxnFirstOffset();
        return state;
    }

    ProducerSnapshotEntry snapshot(long producerId) {
        var last = batches.peekLast();
        return new ProducerSnapshotEntry(
                producerId,
                epoch,
                lastSequence(),
                last == null ? NO_OFFSET : last.baseOffset() + last.offsetDelta(),
                last == null ? 0 : last.offsetDelta(),
                lastTimestamp,
                coordinatorEpoch,
                currentTxnFirstOffset);
    }

    short epoch() {
        return epoch;
    }

    /// The sequence of the last record; -1 if there is none in this epoch.
    int lastSequence() {
        return batches.isEmpty() ? NO_SEQUENCE : batches.getLast().lastSequence();
    }

    /// The greatest timestamp of the last batch, or that of a marker which came later.
    long lastTimestamp() {
        return lastTimestamp;
    }

    boolean isInTransaction() {
        return currentTxnFirstOffset >= 0;
    }

    /// The sequence that has to come next.
    int nextSequence() {
        return batches.isEmpty() ? 0 : plus(lastSequence(), 1);
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

    /// Takes note of a batch with records.
    void add(RecordBatch batch) {
        enter(batch.producerEpoch());
        if (batches.size() == BATCHES_KEPT) {
            batches.removeFirst();
        }
        batches.addLast(Batch.of(batch));
        lastTimestamp = batch.maxTimestamp();
        if (batch.attributes().isTransactional() && !isInTransaction()) {
            currentTxnFirstOffset = batch.baseOffset();
        }
    }

    /// Takes note of the marker that ends a transaction. The epoch of its coordinator stands in the marker's record;
    /// of a batch that is known by its header only, it stays as it was.
    void endTransaction(RecordBatch marker) {
        enter(marker.producerEpoch());
        lastTimestamp = marker.maxTimestamp();
        currentTxnFirstOffset = NO_OFFSET;
    }

    private void enter(short producerEpoch) {
        if (producerEpoch != epoch) {
            epoch = producerEpoch;
            batches.clear();
        }
    }

    private static int plus(int sequence, int increment) {
        return (int) (((long) sequence + increment) & Integer.MAX_VALUE);
    }
}
