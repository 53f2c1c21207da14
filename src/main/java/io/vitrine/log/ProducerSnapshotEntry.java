package io.vitrine.log;

/// What a producer snapshot keeps of one producer.
///
/// @param lastSequence that of the last record of its last batch; -1 if no batch is known
/// @param lastOffset that of the last record of its last batch; -1 if no batch is known
/// @param offsetDelta how far that batch's first offset and sequence lie before its last ones
/// @param timestamp the greatest of that batch, or that of a transaction marker which came later
/// @param coordinatorEpoch that of the last transaction marker; -1 if none is known
/// @param currentTxnFirstOffset where its open transaction begins; -1 if it has none
public record ProducerSnapshotEntry(
        long producerId,
        short epoch,
        int lastSequence,
        long lastOffset,
        int offsetDelta,
        long timestamp,
        int coordinatorEpoch,
        long currentTxnFirstOffset) {
    public ProducerSnapshotEntry {
        if (producerId < 0 || offsetDelta < 0) {
            throw new IllegalArgumentException("producer id %d, offset delta %d".formatted(producerId, offsetDelta));
        }
    }
}
