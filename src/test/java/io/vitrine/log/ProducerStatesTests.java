package io.vitrine.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.record.Batches;
import io.vitrine.record.RecordBatch;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProducerStatesTests {
    private static final long PRODUCER_ID = 7;
    private static final ProducerVerdict IN_SEQUENCE = new ProducerVerdict.InSequence();

    private final ProducerStates producers = new ProducerStates();
    private final List<AbortedTransaction> aborted = new ArrayList<>();

    @Test
    void knowsTheLastFiveBatchesAgain() {
        for (int i = 0; i < 6; i++) {
            add(batch(1, 2 * i, 100 + 2 * i));
        }

        assertThat(producers.check(batch(1, 2, 0))).isEqualTo(new ProducerVerdict.Duplicate(102, Batches.TIMESTAMP));
        assertThat(producers.check(batch(1, 0, 0))).isEqualTo(new ProducerVerdict.Gap(PRODUCER_ID, 12, 0));
        assertThat(producers.check(batch(1, 12, 0))).isEqualTo(IN_SEQUENCE);
        assertThat(producers.check(batch(0, 12, 0)))
                .isEqualTo(new ProducerVerdict.OldEpoch(PRODUCER_ID, (short) 1, (short) 0));
    }

    @Test
    void knowsOnlyTheLastBatchAfterARestore() {
        add(batch(1, 0, 100));
        add(batch(1, 2, 102));

        var restored = restored(producers.snapshot());

        assertThat(restored.check(batch(1, 2, 0))).isEqualTo(new ProducerVerdict.Duplicate(102, Batches.TIMESTAMP));
        assertThat(restored.check(batch(1, 0, 0))).isEqualTo(new ProducerVerdict.Gap(PRODUCER_ID, 4, 0));
        assertThat(restored.check(batch(1, 4, 0))).isEqualTo(IN_SEQUENCE);
        assertThat(restored.snapshot()).isEqualTo(producers.snapshot());
    }

    @Test
    void recognisesABatchWhoseSequencesWrapAroundAfterARestore() {
        add(batch(1, Integer.MAX_VALUE, 100));

        var restored = restored(producers.snapshot());

        assertThat(restored.check(batch(1, Integer.MAX_VALUE, 0)))
                .isEqualTo(new ProducerVerdict.Duplicate(100, Batches.TIMESTAMP));
        assertThat(restored.check(batch(1, 1, 0))).isEqualTo(IN_SEQUENCE);
    }

    @Test
    void keepsWhatItDoesNotUse() {
        var entry = new ProducerSnapshotEntry(PRODUCER_ID, (short) 1, -1, -1, 0, 500, 3, 40);
        producers.restore(List.of(entry));

        producers.forgetUpTo(1000);

        assertThat(producers.snapshot()).containsExactly(entry);
        assertThat(producers.check(transactional(0))).isEqualTo(IN_SEQUENCE);
        assertThat(producers.check(transactional(5))).isEqualTo(new ProducerVerdict.Gap(PRODUCER_ID, 0, 5));
        assertThat(producers.check(batch(1, 0, 0))).isEqualTo(new ProducerVerdict.OutsideTransaction(PRODUCER_ID, 40));
    }

    @Test
    void ofTooManyTheOneInATransactionStays() {
        add(transactional(0));
        for (int id = 100; id < 2200; id++) {
            add(RecordBatch.at(Batches.idempotent(id, 0, 0, "one"), 0));
        }

        assertThat(producers.snapshot())
                .hasSize(2000)
                .filteredOn(entry -> entry.producerId() == PRODUCER_ID)
                .hasSize(1);
    }

    @Test
    void forgetsTheOldAndAllOnDemand() {
        add(batch(1, 0, 100));

        producers.forgetUpTo(Batches.TIMESTAMP - 1);
        assertThat(producers.snapshot()).hasSize(1);
        producers.forgetUpTo(Batches.TIMESTAMP);
        assertThat(producers.snapshot()).isEmpty();

        add(batch(1, 0, 100));
        producers.clear();
        assertThat(producers.snapshot()).isEmpty();
    }

    @Test
    void ofTooManyInAFileTheYoungestStay() {
        var entries = new ArrayList<ProducerSnapshotEntry>();
        for (int id = 0; id < 3000; id++) {
            entries.add(new ProducerSnapshotEntry(id, (short) 0, 0, id, 0, 10_000 - id, -1, -1));
        }

        producers.restore(entries);

        assertThat(producers.snapshot()).hasSize(2000).allMatch(entry -> entry.producerId() < 2000);
    }

    private void add(RecordBatch batch) {
        producers.add(batch, aborted::add);
    }

    private static ProducerStates restored(List<ProducerSnapshotEntry> entries) {
        var restored = new ProducerStates();
        restored.restore(entries);
        return restored;
    }

    private static RecordBatch transactional(int sequence) {
        return RecordBatch.at(Batches.transactional(PRODUCER_ID, 1, sequence, "one"), 0);
    }

    /// A batch of two records.
    private static RecordBatch batch(int epoch, int sequence, long baseOffset) {
        var batch = RecordBatch.at(Batches.idempotent(PRODUCER_ID, epoch, sequence, "one", "two"), 0);
        batch.assign(baseOffset, 0);
        return batch;
    }
}
