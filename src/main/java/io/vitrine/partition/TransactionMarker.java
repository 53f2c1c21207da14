package io.vitrine.partition;

/// The end of a transaction, to be written to a partition that it includes.
///
/// @param coordinatorEpoch leader epoch of the transaction coordinator that has decided
/// @param transactionVersion that of the finalized feature `transaction.version`; since 2 the epoch of the marker is
///     newer than that of the records
public record TransactionMarker(
        long producerId, short producerEpoch, int coordinatorEpoch, boolean commit, short transactionVersion) {}
