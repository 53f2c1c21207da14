package io.vitrine.timeline;

/// Why a group shared out its partitions anew.
public enum RebalanceCause {
    MEMBER_JOINED,
    /// A member asked for it: it wants other topics, has given up partitions, or is the leader and saw a change.
    MEMBER_REJOINED,
    MEMBER_LEFT,
    /// Nothing was heard of a member for its session timeout.
    SESSION_EXPIRED,
    /// A member that was alive did not join again, or did not give up its partitions, in time.
    REBALANCE_TIMEOUT,
    STATIC_MEMBER_REPLACED,
    SUBSCRIPTION_CHANGED,
    /// A streams group does something else from now on.
    TOPOLOGY_CHANGED,
    /// Topics came or went, or got more partitions.
    TOPICS_CHANGED,
    UNKNOWN
}
