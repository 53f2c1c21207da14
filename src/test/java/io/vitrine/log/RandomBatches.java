package io.vitrine.log;

import io.vitrine.record.Batches;
import io.vitrine.record.Codec;
import io.vitrine.record.RecordBatch;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// Batches of all codecs and of sizes from one record of nothing to several sectors; some of plain producers, some
/// of idempotent ones, who go on in sequence.
final class RandomBatches {
    static final int PRODUCERS = 3;
    private static final int[] VALUE_BYTES = {0, 20, 300, 3_000};
    private static final int MAX_RECORDS = 4;
    private static final List<ByteBuffer> SAMPLES = samples();

    private final Random random;

    RandomBatches(Random random) {
        this.random = random;
    }

    /// A batch that may come next in the log.
    RecordBatch next(LogModel log) {
        int producerId = random.nextInt(2 * PRODUCERS);
        if (producerId >= PRODUCERS) {
            return copyOfSample();
        }
        var known = log.lastBatchesOf(producerId);
        if (known.isEmpty()) {
            return idempotent(producerId, 0, 0);
        }
        var last = known.getLast();
        return random.nextInt(10) == 0
                ? idempotent(producerId, last.producerEpoch() + 1, 0)
                : idempotent(producerId, last.producerEpoch(), last.baseSequence() + last.lastOffsetDelta() + 1);
    }

    private RecordBatch idempotent(long producerId, int epoch, int sequence) {
        var batch = copyOfSample();
        var bytes = batch.bytes();
        bytes.putLong(RecordBatch.PRODUCER_ID, producerId);
        bytes.putShort(RecordBatch.PRODUCER_EPOCH, (short) epoch);
        bytes.putInt(RecordBatch.BASE_SEQUENCE, sequence);
        Batches.withCrc(bytes);
        return batch;
    }

    private RecordBatch copyOfSample() {
        var sample = SAMPLES.get(random.nextInt(SAMPLES.size()));
        return RecordBatch.at(
                ByteBuffer.allocate(sample.limit()).put(sample.duplicate()).flip(), 0);
    }

    private static List<ByteBuffer> samples() {
        var random = new Random(1);
        var samples = new ArrayList<ByteBuffer>();
        for (var codec : Codec.values()) {
            for (int size : VALUE_BYTES) {
                for (int count = 1; count <= MAX_RECORDS; count++) {
                    var values = new String[count];
                    for (int i = 0; i < count; i++) {
                        values[i] = random.ints(size, 'a', 'z' + 1)
                                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                                .toString();
                    }
                    samples.add(Batches.of(codec, values));
                }
            }
        }
        return List.copyOf(samples);
    }
}
