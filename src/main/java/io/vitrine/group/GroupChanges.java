package io.vitrine.group;

import io.vitrine.metadata.MetadataService;
import io.vitrine.metadata.Topic;
import io.vitrine.metadata.TopicPartition;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.message.OffsetDeleteRequestData;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestPartition;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestTopic;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestTopicCollection;
import org.apache.kafka.common.message.OffsetDeleteResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.utils.internals.BufferSupplier;

/// What people change of the groups from outside. The coordinator does it, as it would for Kafka's tools: it refuses
/// what would cross its members, and what it has done is on disk when it answers. What it does not do ends with a
/// [GroupRefusedException], as [GroupDirectory#failure] finds it.
public final class GroupChanges {
    private final GroupService groups;
    private final MetadataService metadata;

    public GroupChanges(GroupService groups, MetadataService metadata) {
        this.groups = groups;
        this.metadata = metadata;
    }

    /// One thing of several that was not done.
    public record Refusal(TopicPartition partition, GroupRefusedException reason) {}

    /// Deletes a group without members, and all that it has committed.
    public CompletableFuture<Void> delete(String groupId) {
        if (!groups.hasTopic()) {
            return CompletableFuture.failedFuture(GroupRefusedException.unknownGroup(groupId));
        }
        return groups.ask(coordinator -> coordinator.deleteGroups(
                        GroupDirectory.caller(ApiKeys.DELETE_GROUPS), List.of(groupId), BufferSupplier.NO_CACHING))
                .thenAccept(results -> results.forEach(
                        result -> GroupRefusedException.check(result.errorCode(), result.errorMessage())));
    }

    /// Deletes what a group has committed of some partitions, none of which its members may be subscribed to.
    ///
    /// @return what was not done
    public CompletableFuture<List<Refusal>> deleteOffsets(String groupId, Collection<TopicPartition> partitions) {
        var topics = new OffsetDeleteRequestTopicCollection();
        byTopic(partitions)
                .forEach((topic, indexes) -> topics.add(new OffsetDeleteRequestTopic()
                        .setName(topic)
                        .setPartitions(indexes.stream()
                                .map(index -> new OffsetDeleteRequestPartition().setPartitionIndex(index))
                                .toList())));
        var request = new OffsetDeleteRequestData().setGroupId(groupId).setTopics(topics);
        return groups.ask(coordinator -> coordinator.deleteOffsets(
                        GroupDirectory.caller(ApiKeys.OFFSET_DELETE), request, BufferSupplier.NO_CACHING))
                .thenApply(GroupChanges::refusals);
    }

    /// Commits offsets for a group that has no members.
    ///
    /// @return what was not done
    public CompletableFuture<List<Refusal>> commit(String groupId, Map<TopicPartition, Long> offsets) {
        var topics = new ArrayList<OffsetCommitRequestTopic>();
        byTopic(offsets.keySet())
                .forEach((topic, indexes) -> topics.add(new OffsetCommitRequestTopic()
                        .setName(topic)
                        .setTopicId(
                                metadata.image().findTopic(topic).map(Topic::id).orElse(Uuid.ZERO_UUID))
                        .setPartitions(indexes.stream()
                                .map(index -> new OffsetCommitRequestPartition()
                                        .setPartitionIndex(index)
                                        .setCommittedOffset(offsets.getOrDefault(new TopicPartition(topic, index), 0L))
                                        .setCommittedMetadata(""))
                                .toList())));
        var request = new OffsetCommitRequestData().setGroupId(groupId).setTopics(topics);
        return groups.ask(coordinator -> coordinator.commitOffsets(
                        GroupDirectory.caller(ApiKeys.OFFSET_COMMIT), request, BufferSupplier.NO_CACHING))
                .thenApply(GroupChanges::refusals);
    }

    private static List<Refusal> refusals(OffsetDeleteResponseData response) {
        GroupRefusedException.check(response.errorCode(), null);
        var refusals = new ArrayList<Refusal>();
        response.topics()
                .forEach(topic -> topic.partitions()
                        .forEach(partition ->
                                add(refusals, topic.name(), partition.partitionIndex(), partition.errorCode())));
        return refusals;
    }

    private static List<Refusal> refusals(OffsetCommitResponseData response) {
        var refusals = new ArrayList<Refusal>();
        response.topics()
                .forEach(topic -> topic.partitions()
                        .forEach(partition ->
                                add(refusals, topic.name(), partition.partitionIndex(), partition.errorCode())));
        return refusals;
    }

    private static void add(List<Refusal> refusals, String topic, int partition, short code) {
        // Members have come meanwhile, and it was not one of them who committed.
        short known = code == Errors.UNKNOWN_MEMBER_ID.code() ? Errors.NON_EMPTY_GROUP.code() : code;
        GroupRefusedException.find(known, null)
                .ifPresent(reason -> refusals.add(new Refusal(new TopicPartition(topic, partition), reason)));
    }

    private static Map<String, List<Integer>> byTopic(Collection<TopicPartition> partitions) {
        var byTopic = new TreeMap<String, List<Integer>>();
        partitions.forEach(partition -> byTopic.computeIfAbsent(partition.topic(), _ -> new ArrayList<>())
                .add(partition.partition()));
        return byTopic;
    }
}
