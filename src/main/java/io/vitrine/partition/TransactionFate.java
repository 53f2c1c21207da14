package io.vitrine.partition;

/// What has become of the transaction that a batch is part of.
public enum TransactionFate {
    OPEN,
    COMMITTED,
    ABORTED
}
