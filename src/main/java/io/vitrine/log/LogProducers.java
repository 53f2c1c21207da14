package io.vitrine.log;

import io.vitrine.record.EndMarker;
import io.vitrine.record.RecordBatch;
import java.util.List;

/// What a log knows of the producers that have written to it. To be asked by the owner who appends, right before that.
public final class LogProducers {
    private final ProducerStates states;

    LogProducers(ProducerStates states) {
        this.states = states;
    }

    /// Judges `batch` by what its producer has written before.
    public ProducerVerdict check(RecordBatch batch) {
        return states.check(batch);
    }

    /// Judges a batch that ends a transaction.
    ///
    /// @param transactionVersion that of the finalized feature `transaction.version`
    public ProducerVerdict checkMarker(RecordBatch batch, EndMarker marker, short transactionVersion) {
        return states.checkMarker(batch, marker, transactionVersion);
    }

    /// Is the batch part of a transaction that is not open here yet?
    public boolean isFirstOfTransaction(RecordBatch batch) {
        return ProducerStates.isTransactional(batch) && !isInTransaction(batch.producerId(), batch.producerEpoch());
    }

    /// Is a transaction of that producer open here, in that epoch?
    public boolean isInTransaction(long producerId, short producerEpoch) {
        var state = states.find(producerId);
        return state != null && state.isInTransaction() && state.epoch() == producerEpoch;
    }

    /// Is the batch part of a transaction that is open?
    public boolean isOfOpenTransaction(RecordBatch batch) {
        var state = states.find(batch.producerId());
        return state != null && state.isInTransaction() && state.currentTxnFirstOffset() <= batch.baseOffset();
    }

    /// Has a newer instance of the producer written here?
    public boolean isOld(long producerId, short producerEpoch) {
        var state = states.find(producerId);
        return state != null && producerEpoch < state.epoch();
    }

    /// Is a batch of the producer known, with its sequence?
    public boolean hasBatches(long producerId) {
        var state = states.find(producerId);
        return state != null && state.hasBatches();
    }

    /// All of them, those that have been silent longest first.
    public List<ProducerSnapshotEntry> list() {
        return states.snapshot();
    }
}
