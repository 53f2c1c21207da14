package io.vitrine.metadata;

/// Producer ids that nobody else will ever be given: `firstId`, and those that follow it.
public record ProducerIdBlock(long firstId, int size) {
    public ProducerIdBlock {
        if (firstId < 0 || size <= 0 || firstId > Long.MAX_VALUE - size) {
            throw new IllegalArgumentException("%d producer ids from %d on are no block".formatted(size, firstId));
        }
    }

    /// The first id of the block after this one.
    public long nextFirstId() {
        return firstId + size;
    }
}
