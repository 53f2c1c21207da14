package io.vitrine.inspect;

/// Whose records a log holds, and so whether more can be said of them than their bytes.
public enum RecordKind {
    /// Anybody's.
    PLAIN,
    /// Those of the metadata log.
    METADATA,
    /// Those of the groups, in `__consumer_offsets`.
    GROUPS,
    /// Those of share groups, in `__share_group_state`.
    SHARES,
    /// Those of transactions, in `__transaction_state`.
    TRANSACTIONS;

    /// Are they those of a coordinator, whose keys tell what they are?
    boolean isCoordinators() {
        return this == GROUPS || this == SHARES || this == TRANSACTIONS;
    }
}
