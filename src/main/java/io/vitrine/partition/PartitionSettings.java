package io.vitrine.partition;

import io.vitrine.log.LogSettings;

/// How the hosted partitions behave.
///
/// @param nodeId this broker; partitions with it among their replicas are hosted here
/// @param fsyncForAcksAll is `acks=all` answered after an fsync (`vitrine.acks.all.fsync`)?
public record PartitionSettings(int nodeId, LogSettings log, TopicRules topicRules, boolean fsyncForAcksAll) {}
