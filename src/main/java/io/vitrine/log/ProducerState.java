package io.vitrine.log;

import io.vitrine.record.RecordBatch;

/// What a partition remembers of one idempotent producer: its epoch, its last batches, as many as Kafka's client
/// may have in flight, and where its open transaction begins. The batches are kept in a ring, so that noting one
/// makes no object: this is on the way of every append.
final class ProducerState {
    /// There is no such batch.
    static final int NONE = -1;

    private static final int BATCHES_KEPT = 5;
    private static final int NO_SEQUENCE = -1;
    private static final int NO_OFFSET = -1;
    private static final int NO_EPOCH = -1;

    private final int[] lastSequences = new int[BATCHES_KEPT];
    private final int[] offsetDeltas = new int[BATCHES_KEPT];
    private final long[] lastOffsets = new long[BATCHES_KEPT];
    private final long[] maxTimestamps = new long[BATCHES_KEPT];
    private int count;
    private int last = BATCHES_KEPT - 1;
    private short epoch;
    private long lastTimestamp = RecordBatch.NO_TIMESTAMP;
    private int coordinatorEpoch = NO_EPOCH;
    private long currentTxnFirstOffset = NO_OFFSET;

    ProducerState(short epoch) {
        this.epoch = epoch;
    }

    /// What a snapshot knows: the last batch only, so an older one that is sent again is out of sequence.
    static ProducerState restored(ProducerSnapshotEntry entry) {
        var state = new ProducerState(entry.epoch());
        if (entry.lastOffset() >= 0) {
            state.put(entry.lastSequence(), entry.offsetDelta(), entry.lastOffset(), entry.timestamp());
        }
        state.lastTimestamp = entry.timestamp();
        state.coordinatorEpoch = entry.coordinatorEpoch();
        state.currentTxnFirstOffset = entry.currentTxnFirstOffset();
        return state;
    }

    ProducerSnapshotEntry snapshot(long producerId) {
        return new ProducerSnapshotEntry(
                producerId,
                epoch,
                lastSequence(),
                count == 0 ? NO_OFFSET : lastOffsets[last],
                count == 0 ? 0 : offsetDeltas[last],
                lastTimestamp,
                coordinatorEpoch,
                currentTxnFirstOffset);
    }

    short epoch() {
        return epoch;
    }

    int coordinatorEpoch() {
        return coordinatorEpoch;
    }

    /// The sequence of the last record; -1 if there is none in this epoch.
    int lastSequence() {
        return count == 0 ? NO_SEQUENCE : lastSequences[last];
    }

    /// The greatest timestamp of the last batch, or that of a marker which came later.
    long lastTimestamp() {
        return lastTimestamp;
    }

    boolean hasBatches() {
        return count > 0;
    }

    boolean isInTransaction() {
        return currentTxnFirstOffset >= 0;
    }

    /// Where its open transaction begins; -1 if it has none.
    long currentTxnFirstOffset() {
        return currentTxnFirstOffset;
    }

    /// The sequence that has to come next.
    int nextSequence() {
        return count == 0 ? 0 : plus(lastSequence(), 1);
    }

    /// Has this batch been appended before? Its place among those that are kept, or [#NONE].
    int findDuplicate(RecordBatch batch) {
        if (batch.producerEpoch() != epoch) {
            return NONE;
        }
        int firstSequence = batch.baseSequence();
        int lastSequence = plus(firstSequence, batch.lastOffsetDelta());
        for (int i = 0; i < count; i++) {
            int at = (last + BATCHES_KEPT - i) % BATCHES_KEPT;
            if (lastSequences[at] == lastSequence && plus(lastSequence, -offsetDeltas[at]) == firstSequence) {
                return at;
            }
        }
        return NONE;
    }

    /// The offset that a batch got; see [#findDuplicate].
    long baseOffset(int at) {
        return lastOffsets[at] - offsetDeltas[at];
    }

    long maxTimestamp(int at) {
        return maxTimestamps[at];
    }

    /// Takes note of a batch with records.
    void add(RecordBatch batch) {
        enter(batch.producerEpoch());
        int delta = batch.lastOffsetDelta();
        put(sequenceOf(batch, delta), delta, batch.lastOffset(), batch.maxTimestamp());
        lastTimestamp = batch.maxTimestamp();
        if (batch.attributes().isTransactional() && !isInTransaction()) {
            currentTxnFirstOffset = batch.baseOffset();
        }
    }

    /// Takes note of the marker that ends a transaction.
    void endTransaction(RecordBatch marker, int newCoordinatorEpoch) {
        enter(marker.producerEpoch());
        coordinatorEpoch = newCoordinatorEpoch;
        lastTimestamp = marker.maxTimestamp();
        currentTxnFirstOffset = NO_OFFSET;
    }

    private void enter(short producerEpoch) {
        if (producerEpoch != epoch) {
            epoch = producerEpoch;
            count = 0;
        }
    }

    private void put(int lastSequence, int offsetDelta, long lastOffset, long maxTimestamp) {
        last = (last + 1) % BATCHES_KEPT;
        count = Math.min(count + 1, BATCHES_KEPT);
        lastSequences[last] = lastSequence;
        offsetDeltas[last] = offsetDelta;
        lastOffsets[last] = lastOffset;
        maxTimestamps[last] = maxTimestamp;
    }

    /// What a coordinator writes on behalf of a producer has no sequence.
    private static int sequenceOf(RecordBatch batch, int delta) {
        int first = batch.baseSequence();
        return first < 0 ? NO_SEQUENCE : plus(first, delta);
    }

    private static int plus(int sequence, int increment) {
        return (int) (((long) sequence + increment) & Integer.MAX_VALUE);
    }
}
