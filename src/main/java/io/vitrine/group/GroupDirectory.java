package io.vitrine.group;

import io.vitrine.metadata.TopicPartition;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import org.apache.kafka.common.message.ListGroupsRequestData;
import org.apache.kafka.common.message.ListGroupsResponseData.ListedGroup;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseGroup;
import org.apache.kafka.common.protocol.ApiKeys;

/// What can be seen of the groups: which there are, who is in them, and how far they have read. All of it is what
/// the coordinator tells Kafka's clients, at one moment for each group, and when offsets were committed besides.
/// Asking changes nothing and waits for nothing; what can't be answered ends with a [GroupRefusedException], as
/// [#failure] finds it. Thread-safe.
public final class GroupDirectory {
    private final GroupService groups;

    public GroupDirectory(GroupService groups) {
        this.groups = groups;
    }

    /// All groups, by their ids.
    public CompletableFuture<List<GroupSummary>> list() {
        if (!groups.hasTopic()) {
            return CompletableFuture.completedFuture(List.of());
        }
        return groups.ask(coordinator -> coordinator
                .listGroups(caller(ApiKeys.LIST_GROUPS), new ListGroupsRequestData())
                .thenApply(response -> {
                    GroupRefusedException.check(response.errorCode(), null);
                    return response.groups().stream()
                            .map(group -> summary(group, coordinator.partitionFor(group.groupId())))
                            .sorted(Comparator.comparing(GroupSummary::id))
                            .toList();
                }));
    }

    /// These groups, by their ids. One that has gone or become another kind of group meanwhile is missing.
    public CompletableFuture<Map<String, GroupDescription>> describe(List<GroupSummary> wanted) {
        var described = new ConcurrentHashMap<String, GroupDescription>();
        var asked = new ArrayList<CompletableFuture<?>>();
        wanted.stream()
                .collect(Collectors.groupingBy(
                        GroupSummary::type, Collectors.mapping(GroupSummary::id, Collectors.toList())))
                .forEach((type, ids) -> asked.add(ask(type, ids)
                        .thenAccept(answers -> answers.forEach(answer -> {
                            if (answer instanceof GroupAnswer.Described(GroupDescription description)) {
                                described.put(description.summary().id(), description);
                            }
                        }))));
        return CompletableFuture.allOf(asked.toArray(CompletableFuture[]::new)).thenApply(_ -> described);
    }

    /// One group, of whatever kind.
    public CompletableFuture<GroupDescription> describe(String groupId) {
        if (!groups.hasTopic()) {
            return CompletableFuture.failedFuture(GroupRefusedException.unknownGroup(groupId));
        }
        return describe(groupId, List.of(GroupType.values()));
    }

    /// All that a group has committed, by topic and partition; nothing of a group that there is not.
    public CompletableFuture<List<CommittedOffset>> offsets(String groupId) {
        if (!groups.hasTopic()) {
            return CompletableFuture.completedFuture(List.of());
        }
        var request = new OffsetFetchRequestGroup().setGroupId(groupId).setTopics(null);
        return groups.ask(coordinator -> coordinator.fetchOffsets(caller(ApiKeys.OFFSET_FETCH), request, false))
                .thenApply(response -> offsets(groupId, response));
    }

    /// Why a question could not be answered.
    public static RuntimeException failure(Throwable thrown) {
        return GroupRefusedException.of(thrown);
    }

    /// The broker itself.
    static GroupCaller caller(ApiKeys api) {
        return new GroupCaller("", InetAddress.getLoopbackAddress(), "", api.id, api.latestVersion(), 0);
    }

    /// Tries one kind after the other: nobody but the group's own part of the coordinator knows which it is.
    private CompletableFuture<GroupDescription> describe(String groupId, List<GroupType> types) {
        if (types.isEmpty()) {
            return CompletableFuture.failedFuture(GroupRefusedException.unknownGroup(groupId));
        }
        return ask(types.getFirst(), List.of(groupId)).thenCompose(answers -> switch (answers.getFirst()) {
            case GroupAnswer.Described(GroupDescription description) -> CompletableFuture.completedFuture(description);
            case GroupAnswer.Refused(GroupRefusedException refusal) -> CompletableFuture.failedFuture(refusal);
            case GroupAnswer.NotOfThisType() -> describe(groupId, types.subList(1, types.size()));
        });
    }

    private CompletableFuture<List<GroupAnswer>> ask(GroupType type, List<String> ids) {
        return groups.ask(coordinator -> {
            ToIntFunction<String> partition = coordinator::partitionFor;
            return switch (type) {
                case CLASSIC ->
                    coordinator
                            .describeGroups(caller(ApiKeys.DESCRIBE_GROUPS), ids)
                            .thenApply(found -> GroupAnswer.all(found, ClassicGroups::answer, partition));
                case CONSUMER ->
                    coordinator
                            .consumerGroupDescribe(caller(ApiKeys.CONSUMER_GROUP_DESCRIBE), ids)
                            .thenApply(found -> GroupAnswer.all(found, ConsumerGroups::answer, partition));
                case SHARE ->
                    coordinator
                            .shareGroupDescribe(caller(ApiKeys.SHARE_GROUP_DESCRIBE), ids)
                            .thenApply(found -> GroupAnswer.all(found, ShareGroups::answer, partition));
                case STREAMS ->
                    coordinator
                            .streamsGroupDescribe(caller(ApiKeys.STREAMS_GROUP_DESCRIBE), ids, false)
                            .thenApply(found -> GroupAnswer.all(found, StreamsGroups::answer, partition));
            };
        });
    }

    private List<CommittedOffset> offsets(String groupId, OffsetFetchResponseGroup response) {
        GroupRefusedException.check(response.errorCode(), null);
        var offsets = new ArrayList<CommittedOffset>();
        for (var topic : response.topics()) {
            for (var found : topic.partitions()) {
                if (found.partitionIndex() >= 0 && found.committedOffset() >= 0) {
                    var partition = new TopicPartition(topic.name(), found.partitionIndex());
                    var time = groups.commitTimes().find(groupId, partition, found.committedOffset());
                    offsets.add(new CommittedOffset(
                            partition,
                            found.committedOffset(),
                            found.committedLeaderEpoch(),
                            found.metadata(),
                            time.isPresent() ? time.getAsLong() : null));
                }
            }
        }
        offsets.sort(Comparator.comparing(
                        (CommittedOffset offset) -> offset.partition().topic())
                .thenComparingInt(offset -> offset.partition().partition()));
        return offsets;
    }

    private static GroupSummary summary(ListedGroup group, int partition) {
        var type = GroupType.find(group.groupType())
                .orElseThrow(() -> new IllegalStateException("A group of type " + group.groupType()));
        return new GroupSummary(group.groupId(), type, group.groupState(), group.protocolType(), partition);
    }
}
