package io.vitrine.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.record.RecordBatch;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What a log must hold: the batches that were appended, in order, up to where they were acknowledged, and where the
/// log starts. All records of a batch have its greatest timestamp.
final class LogModel {
    private static final int BATCHES_KEPT_PER_PRODUCER = 5;

    private final List<RecordBatch> batches = new ArrayList<>();
    private long endOffset;
    private long acknowledgedEnd;
    private long startOffset;
    private long durableStart;

    /// Takes note of a batch that was appended.
    void add(RecordBatch batch) {
        assertThat(batch.baseOffset()).isEqualTo(endOffset);
        batches.add(batch);
        endOffset = batch.nextOffset();
    }

    /// Takes note of a flush.
    void acknowledge(long durableOffset) {
        assertThat(durableOffset).isEqualTo(endOffset);
        acknowledgedEnd = endOffset;
    }

    /// Takes note of a log start that nobody was promised yet.
    void startAt(long offset) {
        startOffset = Math.max(startOffset, offset);
    }

    /// Takes note of a log start that was written down.
    void promiseStart(long offset) {
        durableStart = Math.max(durableStart, offset);
    }

    long endOffset() {
        return endOffset;
    }

    long startOffset() {
        return startOffset;
    }

    /// The batches of the producer that the log must recognise, oldest first: the last ones of its newest epoch.
    List<RecordBatch> lastBatchesOf(long producerId) {
        var all = batches.stream()
                .filter(batch -> batch.producerId() == producerId)
                .toList();
        if (all.isEmpty()) {
            return all;
        }
        var epoch = all.getLast().producerEpoch();
        var ofEpoch =
                all.stream().filter(batch -> batch.producerEpoch() == epoch).toList();
        return ofEpoch.subList(Math.max(0, ofEpoch.size() - BATCHES_KEPT_PER_PRODUCER), ofEpoch.size());
    }

    /// Compares what a read from `offset` on returned: whole batches, the first of which holds the offset.
    void requireRead(long offset, List<RecordBatch> found) {
        int first = indexOf(offset);
        assertThat(found.isEmpty()).as("end of the log at %d", offset).isEqualTo(first == batches.size());
        for (int i = 0; i < found.size(); i++) {
            requireSame(found.get(i), batches.get(first + i));
        }
    }

    /// Nobody was promised what can't be read.
    void requireLost(long offset, DamagedRange range) {
        assertThat(range.holds(offset)).isTrue();
        assertThat(indexOf(offset))
                .as("a batch that survived at %d", offset)
                .satisfiesAnyOf(
                        index -> assertThat(index).isEqualTo(batches.size()),
                        index -> assertThat(batches.get(index).baseOffset()).isGreaterThan(offset));
    }

    /// The first record of that time or later.
    Optional<TimestampSearch.Found> firstFrom(long timestamp) {
        return batches.stream()
                .filter(batch -> batch.maxTimestamp() >= timestamp && batch.nextOffset() > startOffset)
                .findFirst()
                .map(batch -> new TimestampSearch.Found(
                        Math.max(startOffset, batch.baseOffset()), batch.maxTimestamp(), batch.partitionLeaderEpoch()));
    }

    /// The first record of the greatest time.
    Optional<TimestampSearch.Found> greatest() {
        return firstFrom(batches.stream()
                .filter(batch -> batch.nextOffset() > startOffset)
                .mapToLong(RecordBatch::maxTimestamp)
                .max()
                .orElse(0));
    }

    /// Compares all that a log holds after it was opened again, and takes it for what was appended.
    ///
    /// @param found all that can be read
    /// @param everything must all batches be there, or only the acknowledged ones?
    void requireSurvivors(List<RecordBatch> found, Offsets offsets, boolean everything) {
        long promised = everything ? endOffset : acknowledgedEnd;
        assertThat(offsets.logStartOffset()).as("log start").isBetween(durableStart, startOffset);
        assertThat(offsets.logEndOffset()).as("log end").isBetween(promised, endOffset);
        startOffset = offsets.logStartOffset();
        var expected = new ArrayList<RecordBatch>();
        for (var batch : batches) {
            boolean survived = found.stream().anyMatch(one -> one.baseOffset() == batch.baseOffset());
            boolean deleted = batch.nextOffset() <= startOffset;
            assertThat(survived || deleted || batch.nextOffset() > promised)
                    .as("offsets %d to %d were promised", batch.baseOffset(), batch.lastOffset())
                    .isTrue();
            if (survived || deleted) {
                expected.add(batch);
            }
        }
        var left = expected.stream()
                .filter(batch -> batch.nextOffset() > startOffset)
                .toList();
        assertThat(found).hasSameSizeAs(left);
        for (int i = 0; i < found.size(); i++) {
            requireSame(found.get(i), left.get(i));
        }
        batches.clear();
        batches.addAll(expected);
        endOffset = offsets.logEndOffset();
    }

    private int indexOf(long offset) {
        int first = 0;
        while (first < batches.size() && batches.get(first).lastOffset() < offset) {
            first++;
        }
        return first;
    }

    private static void requireSame(RecordBatch found, RecordBatch expected) {
        assertThat(found.bytes())
                .as("the batch with offsets %d..%d", expected.baseOffset(), expected.lastOffset())
                .isEqualTo(expected.bytes());
    }
}
