package io.vitrine.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.record.RecordBatch;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/// What a log must hold: the batches that were appended, in order, and how many of them were acknowledged.
final class LogModel {
    private static final int BATCHES_KEPT_PER_PRODUCER = 5;

    private final List<RecordBatch> batches = new ArrayList<>();
    private int acknowledged;

    /// Takes note of a batch that was appended.
    void add(RecordBatch batch) {
        assertThat(batch.baseOffset()).isEqualTo(endOffset());
        batches.add(batch);
    }

    /// Takes note of a flush.
    void acknowledge(long durableOffset) {
        assertThat(durableOffset).isEqualTo(endOffset());
        acknowledged = batches.size();
    }

    long endOffset() {
        return batches.isEmpty() ? 0 : batches.getLast().nextOffset();
    }

    int count() {
        return batches.size();
    }

    int acknowledgedCount() {
        return acknowledged;
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
        int first = 0;
        while (first < batches.size() && batches.get(first).lastOffset() < offset) {
            first++;
        }
        assertThat(found.isEmpty()).as("end of the log at %d", offset).isEqualTo(first == batches.size());
        requireSame(found, first);
    }

    /// Compares all that a log holds after it was opened again, and takes it for what was appended.
    ///
    /// @param least how many batches must be there
    void requireSurvivors(List<RecordBatch> found, int least) {
        assertThat(found).as("batches that survived").hasSizeBetween(least, batches.size());
        requireSame(found, 0);
        batches.subList(found.size(), batches.size()).clear();
    }

    /// The bytes that were acknowledged, as the segments must hold them one after the other.
    ByteBuffer acknowledgedBytes() {
        var acknowledgedBatches = batches.subList(0, acknowledged);
        var bytes = ByteBuffer.allocate(
                acknowledgedBatches.stream().mapToInt(RecordBatch::sizeInBytes).sum());
        acknowledgedBatches.forEach(batch -> bytes.put(batch.bytes()));
        return bytes.flip();
    }

    private void requireSame(List<RecordBatch> found, int first) {
        for (int i = 0; i < found.size(); i++) {
            var expected = batches.get(first + i);
            assertThat(found.get(i).bytes())
                    .as("batch %d with offsets %d..%d", first + i, expected.baseOffset(), expected.lastOffset())
                    .isEqualTo(expected.bytes());
        }
    }
}
