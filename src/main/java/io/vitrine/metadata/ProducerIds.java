package io.vitrine.metadata;

import java.io.IOException;
import org.apache.kafka.image.ProducerIdsImage;

/// Hands out producer ids in blocks of Kafka's size, so that the log grows once in a thousand producers.
final class ProducerIds {
    private static final int BLOCK_SIZE = 1_000;

    private ProducerIds() {}

    /// The block after the last one the log tells of.
    static ProducerIdBlock next(ProducerIdsImage image) throws IOException {
        long firstId = Math.max(image.nextProducerId(), 0);
        if (firstId > Long.MAX_VALUE - BLOCK_SIZE) {
            throw new IOException("There are no producer ids left after %d".formatted(firstId));
        }
        return new ProducerIdBlock(firstId, BLOCK_SIZE);
    }
}
