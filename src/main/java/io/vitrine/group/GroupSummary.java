package io.vitrine.group;

/// What the list of groups says of one.
///
/// @param state Kafka's name of it, such as `Stable`
/// @param protocolType what its members are, such as `consumer`; empty for a group that has but offsets
/// @param coordinatorPartition of `__consumer_offsets`, in which it lives
public record GroupSummary(String id, GroupType type, String state, String protocolType, int coordinatorPartition) {}
