package io.vitrine.log;

import io.vitrine.record.RecordBatch;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The idempotent producers that have written to one partition, made from a [ProducerSnapshot] and the batch headers
/// behind it when the log is opened. Of too many, those that have been silent longest are forgotten: the next batch
/// of such a one is taken as its first.
///
/// The rules are Kafka's: a producer that is not known may begin with any sequence; a known one goes on where it
/// stopped, or begins a newer epoch at 0. The owner serialises calls.
final class ProducerStates {
    private static final int MAX_PRODUCERS = 2_000;
    private static final float LOAD_FACTOR = 0.75f;

    private final Map<Long, ProducerState> states = new LinkedHashMap<>(16, LOAD_FACTOR, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, ProducerState> eldest) {
            return size() > MAX_PRODUCERS;
        }
    };

    /// Judges a batch that is about to be appended.
    ProducerVerdict check(RecordBatch batch) {
        var state = isIdempotent(batch) ? states.get(batch.producerId()) : null;
        if (state == null) {
            return new ProducerVerdict.InSequence();
        }
        if (batch.producerEpoch() < state.epoch()) {
            return new ProducerVerdict.OldEpoch(batch.producerId(), state.epoch(), batch.producerEpoch());
        }
        var duplicate = state.findDuplicate(batch);
        if (duplicate.isPresent()) {
            return new ProducerVerdict.Duplicate(
                    duplicate.get().baseOffset(), duplicate.get().maxTimestamp());
        }
        int expected = batch.producerEpoch() == state.epoch() ? state.nextSequence() : 0;
        return batch.baseSequence() == expected
                ? new ProducerVerdict.InSequence()
                : new ProducerVerdict.Gap(batch.producerId(), expected, batch.baseSequence());
    }

    /// Takes note of a batch in the log; whether it came in sequence is not asked any more. A marker ends its
    /// producer's transaction.
    void add(RecordBatch batch) {
        // Compaction leaves an empty batch where a marker is no longer needed.
        boolean isEmptyMarker = batch.attributes().isControl() && batch.recordCount() == 0;
        if (batch.producerId() == RecordBatch.NO_PRODUCER_ID || isEmptyMarker) {
            return;
        }
        var state = states.computeIfAbsent(batch.producerId(), _ -> new ProducerState(batch.producerEpoch()));
        if (batch.attributes().isControl()) {
            state.endTransaction(batch);
        } else {
            state.add(batch);
        }
    }

    /// Forgets producers whose last batch has no record as young as `timestamp`, by the clock of their clients, as
    /// Kafka does: an old log then says nothing about a producer that begins anew with an id that is in it.
    /// One whose transaction is open stays.
    void forgetOlderThan(long timestamp) {
        states.values().removeIf(state -> state.lastTimestamp() < timestamp && !state.isInTransaction());
    }

    /// Forgets all producers.
    void clear() {
        states.clear();
    }

    /// What is known now, for a file.
    List<ProducerSnapshotEntry> snapshot() {
        var entries = new ArrayList<ProducerSnapshotEntry>(states.size());
        states.forEach((producerId, state) -> entries.add(state.snapshot(producerId)));
        return entries;
    }

    /// Knows what a snapshot knows, and nothing else: of each producer its last batch.
    void restore(List<ProducerSnapshotEntry> entries) {
        states.clear();
        // Kafka's files are in no order; if there are too many, the youngest are to stay.
        entries.stream()
                .sorted(Comparator.comparingLong(ProducerSnapshotEntry::timestamp))
                .forEach(entry -> states.put(entry.producerId(), ProducerState.restored(entry)));
    }

    private static boolean isIdempotent(RecordBatch batch) {
        return batch.producerId() != RecordBatch.NO_PRODUCER_ID
                && !batch.attributes().isControl();
    }
}
