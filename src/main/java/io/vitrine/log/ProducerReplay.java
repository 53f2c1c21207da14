package io.vitrine.log;

import io.vitrine.record.RecordBatch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/// Has producers known from the batches of segment files, of which no more than headers are read, but for the markers
/// of transactions.
final class ProducerReplay {
    // Kafka's markers have 78 bytes.
    private static final int MAX_MARKER_BYTES = 64 * 1024;

    private final ProducerStates producers;
    private final long from;

    /// @param from what comes before it is known already
    ProducerReplay(ProducerStates producers, long from) {
        this.producers = producers;
        this.from = from;
    }

    long from() {
        return from;
    }

    /// Takes note of a batch.
    ///
    /// @param header good until this returns
    /// @param aborted hears of a transaction that is aborted by it
    void learn(SegmentFile file, RecordBatch header, int position, Consumer<AbortedTransaction> aborted)
            throws IOException {
        if (header.baseOffset() < from) {
            return;
        }
        if (!header.attributes().isControl()) {
            producers.add(header, aborted);
        } else if (header.sizeInBytes() <= MAX_MARKER_BYTES) {
            var bytes = ByteBuffer.allocate(header.sizeInBytes());
            file.read(bytes, position);
            producers.add(RecordBatch.at(bytes.flip(), 0), aborted);
        }
    }
}
