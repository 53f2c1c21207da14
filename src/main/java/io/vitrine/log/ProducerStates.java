package io.vitrine.log;

import io.vitrine.record.EndMarker;
import io.vitrine.record.RecordBatch;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The idempotent producers that have written to one partition, made from a [ProducerSnapshot] and the batch headers
/// behind it when the log is opened. Of too many, those that have been silent longest are forgotten: the next batch
/// of such a one is taken as its first. One whose transaction is open is never forgotten.
///
/// The rules are Kafka's: a producer that is not known may begin with any sequence; a known one goes on where it
/// stopped, or begins a newer epoch at 0. The owner serialises calls.
final class ProducerStates {
    private static final int MAX_PRODUCERS = 2_000;
    private static final float LOAD_FACTOR = 0.75f;
    private static final short FIRST_VERSION_WITH_EPOCH_BUMP = 2;

    // In the order of use, the one that has been silent longest first.
    private final LinkedHashMap<Long, ProducerState> states = new LinkedHashMap<>(16, LOAD_FACTOR, true);
    private final OpenTransactions open = new OpenTransactions();

    /// The transactions that are open.
    OpenTransactions open() {
        return open;
    }

    /// What is known of a producer; null if nothing is.
    @Nullable
    ProducerState find(long producerId) {
        return states.get(producerId);
    }

    /// Judges a batch that is about to be appended.
    ProducerVerdict check(RecordBatch batch) {
        var state = isIdempotent(batch) ? states.get(batch.producerId()) : null;
        if (state == null) {
            return ProducerVerdict.InSequence.INSTANCE;
        }
        if (batch.producerEpoch() < state.epoch()) {
            return new ProducerVerdict.OldEpoch(batch.producerId(), state.epoch(), batch.producerEpoch());
        }
        return batch.baseSequence() < 0 ? checkTransaction(batch, state) : checkSequence(batch, state);
    }

    private static ProducerVerdict checkSequence(RecordBatch batch, ProducerState state) {
        int duplicate = state.findDuplicate(batch);
        if (duplicate != ProducerState.NONE) {
            return new ProducerVerdict.Duplicate(state.baseOffset(duplicate), state.maxTimestamp(duplicate));
        }
        int expected = batch.producerEpoch() == state.epoch() ? state.nextSequence() : 0;
        return batch.baseSequence() == expected
                ? checkTransaction(batch, state)
                : new ProducerVerdict.Gap(batch.producerId(), expected, batch.baseSequence());
    }

    private static ProducerVerdict checkTransaction(RecordBatch batch, ProducerState state) {
        return state.isInTransaction() && !batch.attributes().isTransactional()
                ? new ProducerVerdict.OutsideTransaction(batch.producerId(), state.currentTxnFirstOffset())
                : ProducerVerdict.InSequence.INSTANCE;
    }

    /// Judges a marker that is about to be appended. Since version 2 of transactions a marker has a newer epoch than
    /// the records before it; one of the same epoch comes again, if nothing is open.
    ProducerVerdict checkMarker(RecordBatch batch, EndMarker marker, short transactionVersion) {
        var state = states.get(batch.producerId());
        if (state == null) {
            return ProducerVerdict.InSequence.INSTANCE;
        }
        boolean again = batch.producerEpoch() == state.epoch() && !state.isInTransaction();
        boolean old = transactionVersion >= FIRST_VERSION_WITH_EPOCH_BUMP
                ? batch.producerEpoch() <= state.epoch() && !again
                : batch.producerEpoch() < state.epoch();
        if (old) {
            return new ProducerVerdict.OldEpoch(batch.producerId(), state.epoch(), batch.producerEpoch());
        }
        return marker.coordinatorEpoch() < state.coordinatorEpoch()
                ? new ProducerVerdict.OldCoordinator(
                        batch.producerId(), state.coordinatorEpoch(), marker.coordinatorEpoch())
                : ProducerVerdict.InSequence.INSTANCE;
    }

    /// Would this batch begin a transaction?
    boolean isBegunBy(RecordBatch batch) {
        if (!isTransactional(batch)) {
            return false;
        }
        var state = states.get(batch.producerId());
        return state == null || !state.isInTransaction();
    }

    /// Are its records part of a transaction? A batch without a producer id belongs to none, whatever it says.
    static boolean isTransactional(RecordBatch batch) {
        return batch.attributes().isTransactional() && isIdempotent(batch);
    }

    /// Takes note of a batch in the log; whether it came in sequence is not asked any more. A marker, which has to be
    /// there as a whole, ends its producer's transaction.
    ///
    /// @param aborted hears of a transaction that was aborted, before it counts as decided
    void add(RecordBatch batch, Consumer<AbortedTransaction> aborted) {
        if (batch.producerId() == RecordBatch.NO_PRODUCER_ID) {
            return;
        }
        if (batch.attributes().isControl()) {
            // Compaction leaves an empty batch where a marker is no longer needed.
            var marker = batch.recordCount() == 0 ? null : EndMarker.find(batch);
            if (marker != null) {
                end(batch, marker, aborted);
            }
            return;
        }
        var state = states.get(batch.producerId());
        if (state == null) {
            state = addProducer(batch);
        }
        boolean begins = batch.attributes().isTransactional() && !state.isInTransaction();
        state.add(batch);
        if (begins) {
            open.begin(batch.baseOffset(), batch.producerId());
        }
    }

    private void end(RecordBatch batch, EndMarker marker, Consumer<AbortedTransaction> aborted) {
        var state = states.get(batch.producerId());
        if (state == null) {
            state = addProducer(batch);
        }
        long first = state.currentTxnFirstOffset();
        state.endTransaction(batch, marker.coordinatorEpoch());
        if (first < 0) {
            return;
        }
        if (!marker.commit()) {
            long stable = open.firstBeside(first, batch.nextOffset());
            aborted.accept(new AbortedTransaction(batch.producerId(), first, batch.lastOffset(), stable));
        }
        open.end(first);
    }

    /// Forgets producers that have no record younger than `timestamp`, by the clock of their clients, as Kafka does:
    /// an old log then says nothing about a producer that begins anew with an id that is in it. One whose
    /// transaction is open stays.
    void forgetUpTo(long timestamp) {
        states.values().removeIf(state -> state.lastTimestamp() <= timestamp && !state.isInTransaction());
    }

    /// Forgets all producers.
    void clear() {
        states.clear();
        open.clear();
    }

    /// What is known now, for a file.
    List<ProducerSnapshotEntry> snapshot() {
        var entries = new ArrayList<ProducerSnapshotEntry>(states.size());
        states.forEach((producerId, state) -> entries.add(state.snapshot(producerId)));
        return entries;
    }

    /// Knows what a snapshot knows, and nothing else: of each producer its last batch.
    void restore(List<ProducerSnapshotEntry> entries) {
        clear();
        // Kafka's files are in no order; if there are too many, the youngest are to stay.
        entries.stream()
                .sorted(Comparator.comparingLong(ProducerSnapshotEntry::timestamp))
                .forEach(entry -> put(entry.producerId(), ProducerState.restored(entry)));
    }

    private ProducerState addProducer(RecordBatch batch) {
        var state = new ProducerState(batch.producerEpoch());
        put(batch.producerId(), state);
        return state;
    }

    private void put(long producerId, ProducerState state) {
        states.put(producerId, state);
        if (state.isInTransaction()) {
            open.begin(state.currentTxnFirstOffset(), producerId);
        }
        if (states.size() > MAX_PRODUCERS) {
            forgetSilent(producerId);
        }
    }

    private void forgetSilent(long butNot) {
        var eldest = states.entrySet().iterator();
        while (eldest.hasNext()) {
            var entry = eldest.next();
            if (entry.getKey() != butNot && !entry.getValue().isInTransaction()) {
                eldest.remove();
                return;
            }
        }
    }

    private static boolean isIdempotent(RecordBatch batch) {
        return batch.producerId() != RecordBatch.NO_PRODUCER_ID
                && !batch.attributes().isControl();
    }
}
