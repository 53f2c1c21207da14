package io.vitrine.inspect;

import io.vitrine.group.GroupRecordDecoder;
import io.vitrine.group.ShareRecordDecoder;
import io.vitrine.transaction.TransactionRecordDecoder;

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

    /// The kind that the records of a topic have.
    public static RecordKind ofTopic(String topic) {
        return switch (topic) {
            case GroupRecordDecoder.TOPIC -> GROUPS;
            case ShareRecordDecoder.TOPIC -> SHARES;
            case TransactionRecordDecoder.TOPIC -> TRANSACTIONS;
            default -> topic.equals(LogCatalog.METADATA_TOPIC) ? METADATA : PLAIN;
        };
    }

    /// Are they those of a coordinator, whose keys tell what they are?
    boolean isCoordinators() {
        return this == GROUPS || this == SHARES || this == TRANSACTIONS;
    }
}
