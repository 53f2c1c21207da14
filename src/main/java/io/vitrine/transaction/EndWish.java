package io.vitrine.transaction;

import org.apache.kafka.server.common.TransactionVersion;

/// A producer wants its transaction to end.
///
/// @param commit or abort?
/// @param version how the producer speaks of transactions
public record EndWish(
        String transactionalId, long producerId, short producerEpoch, boolean commit, TransactionVersion version) {

    /// From the second version on, the epoch rises with each transaction, so that what comes late belongs to none.
    public static EndWish of(
            String transactionalId, long producerId, short producerEpoch, boolean commit, boolean epochRises) {
        return new EndWish(
                transactionalId,
                producerId,
                producerEpoch,
                commit,
                epochRises ? TransactionVersion.TV_2 : TransactionVersion.TV_0);
    }
}
