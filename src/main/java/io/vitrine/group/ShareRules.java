package io.vitrine.group;

/// What holds for the delivery of records to one share group.
///
/// @param lockDurationMs for how long a member may hold a record, `share.record.lock.duration.ms`
/// @param deliveryCountLimit how often a record is delivered at most, `share.delivery.count.limit`
/// @param maxRecordLocks how many records of a partition may be in flight, `share.partition.max.record.locks`
/// @param maxSessions how many share sessions the broker keeps in all
/// @param readCommitted are records of open and aborted transactions kept back?
/// @param renewAllowed may a member hold a record for longer by saying so?
/// @param start where a group begins to read a partition it has not read before
public record ShareRules(
        int lockDurationMs,
        int deliveryCountLimit,
        int maxRecordLocks,
        int maxSessions,
        boolean readCommitted,
        boolean renewAllowed,
        Start start) {

    /// `share.auto.offset.reset`.
    public sealed interface Start {
        /// At the first record there is.
        record Earliest() implements Start {}

        /// Behind the last record there is.
        record Latest() implements Start {}

        /// At the first record that is not older.
        record ByTime(long timestampMs) implements Start {}
    }
}
