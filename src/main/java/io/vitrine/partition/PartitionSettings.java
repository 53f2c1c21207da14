package io.vitrine.partition;

import io.vitrine.log.CleanerSettings;

/// How the hosted partitions behave.
///
/// @param nodeId this broker; partitions with it among their replicas are hosted here
/// @param topicRules what topics get
/// @param fsyncForAcksAll is `acks=all` answered after an fsync (`vitrine.acks.all.fsync`)?
public record PartitionSettings(
        int nodeId, TopicRules topicRules, boolean fsyncForAcksAll, StorageTasks tasks, CleanerSettings cleaner) {

    /// Settings with Kafka's own tasks and cleaner.
    public static PartitionSettings of(int nodeId, TopicRules topicRules, boolean fsyncForAcksAll) {
        return new PartitionSettings(
                nodeId, topicRules, fsyncForAcksAll, StorageTasks.DEFAULTS, CleanerSettings.DEFAULTS);
    }
}
