package io.vitrine.partition;

/// Says that somebody has asked whether a transaction includes a partition, and that nothing has been written of it
/// and it has not been ended since. With it the first batch of a transaction is appended, once the answer is yes. All
/// who ask for one producer meanwhile share it; guarded by the partition's append lock.
public final class TransactionTicket {
    private final boolean bumpsEpochs;
    private final long askedMs;
    private short producerEpoch;
    private int lowestSequence;

    /// @param bumpsEpochs is the epoch of the producer a new one with each transaction?
    TransactionTicket(short producerEpoch, int sequence, boolean bumpsEpochs, long askedMs) {
        this.producerEpoch = producerEpoch;
        this.lowestSequence = sequence;
        this.bumpsEpochs = bumpsEpochs;
        this.askedMs = askedMs;
    }

    short producerEpoch() {
        return producerEpoch;
    }

    /// The lowest sequence that was asked for: what begins behind it can't be the first of the transaction.
    int lowestSequence() {
        return lowestSequence;
    }

    boolean bumpsEpochs() {
        return bumpsEpochs;
    }

    long askedMs() {
        return askedMs;
    }

    void share(short epoch, int sequence) {
        if (epoch > producerEpoch) {
            producerEpoch = epoch;
            lowestSequence = sequence;
        } else if (epoch == producerEpoch) {
            lowestSequence = Math.min(lowestSequence, sequence);
        }
    }
}
