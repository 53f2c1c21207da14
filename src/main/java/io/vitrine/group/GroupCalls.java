package io.vitrine.group;

import io.vitrine.coordinator.PatternSize;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.common.message.ConsumerGroupDescribeResponseData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.apache.kafka.common.message.DeleteGroupsResponseData.DeletableGroupResultCollection;
import org.apache.kafka.common.message.DescribeGroupsResponseData;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.HeartbeatResponseData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.LeaveGroupRequestData;
import org.apache.kafka.common.message.LeaveGroupResponseData;
import org.apache.kafka.common.message.ListGroupsRequestData;
import org.apache.kafka.common.message.ListGroupsResponseData;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.message.OffsetDeleteRequestData;
import org.apache.kafka.common.message.OffsetDeleteResponseData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseGroup;
import org.apache.kafka.common.message.StreamsGroupDescribeResponseData;
import org.apache.kafka.common.message.StreamsGroupHeartbeatRequestData;
import org.apache.kafka.common.message.StreamsGroupHeartbeatResponseData;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.protocol.Message;
import org.apache.kafka.common.utils.internals.BufferSupplier;
import org.apache.kafka.coordinator.group.GroupCoordinator;

/// What can be asked of the groups, in the words of Kafka's protocol. Nothing here waits: answers are completed on
/// the coordinator's threads, in no order between groups. Most errors are in the answers; those that are not are
/// Kafka's exceptions. What comes in is kept by the coordinator and must not change afterwards.
public final class GroupCalls {
    // Kafka's coordinator compiles whatever it is given.
    private static final int MAX_PATTERN = 10_000;

    private final GroupService groups;

    public GroupCalls(GroupService groups) {
        this.groups = groups;
    }

    /// Was a log of groups deleted or replaced, with all groups in it?
    public boolean haveBeenLost() {
        return groups.haveBeenLost();
    }

    public CompletableFuture<JoinGroupResponseData> joinGroup(GroupCaller caller, JoinGroupRequestData request) {
        return pass(
                caller, request, () -> groups.ask(coordinator -> coordinator.joinGroup(caller, request, buffers())));
    }

    public CompletableFuture<SyncGroupResponseData> syncGroup(GroupCaller caller, SyncGroupRequestData request) {
        return pass(
                caller, request, () -> groups.ask(coordinator -> coordinator.syncGroup(caller, request, buffers())));
    }

    public CompletableFuture<HeartbeatResponseData> heartbeat(GroupCaller caller, HeartbeatRequestData request) {
        return pass(caller, request, () -> groups.ask(coordinator -> coordinator.heartbeat(caller, request)));
    }

    public CompletableFuture<LeaveGroupResponseData> leaveGroup(GroupCaller caller, LeaveGroupRequestData request) {
        return pass(caller, request, () -> groups.ask(coordinator -> coordinator.leaveGroup(caller, request)));
    }

    public CompletableFuture<ConsumerGroupHeartbeatResponseData> consumerGroupHeartbeat(
            GroupCaller caller, ConsumerGroupHeartbeatRequestData request) {
        var regex = request.subscribedTopicRegex();
        if (regex != null && PatternSize.of(regex) > MAX_PATTERN) {
            return CompletableFuture.completedFuture(new ConsumerGroupHeartbeatResponseData()
                    .setErrorCode(Errors.INVALID_REGULAR_EXPRESSION.code())
                    .setErrorMessage("The regular expression has more than %d steps with its repetitions written out."
                            .formatted(MAX_PATTERN)));
        }
        return pass(
                caller,
                request,
                () -> ask(GroupProtocol.CONSUMER, coordinator -> coordinator.consumerGroupHeartbeat(caller, request)));
    }

    /// A heartbeat of a streams group's member; the topics that the group needs are there when it is answered.
    public CompletableFuture<StreamsGroupHeartbeatResponseData> streamsGroupHeartbeat(
            GroupCaller caller, StreamsGroupHeartbeatRequestData request) {
        return pass(
                caller,
                request,
                () -> ask(GroupProtocol.STREAMS, coordinator -> coordinator.streamsGroupHeartbeat(caller, request))
                        .thenCompose(groups.internalTopics()::make));
    }

    public CompletableFuture<OffsetCommitResponseData> commitOffsets(
            GroupCaller caller, OffsetCommitRequestData request) {
        return pass(
                caller,
                request,
                () -> groups.ask(coordinator -> coordinator.commitOffsets(caller, request, buffers())));
    }

    /// Tells how far one group has read.
    ///
    /// @param requireStable have offsets answered as unstable that an open transaction is about to commit
    public CompletableFuture<OffsetFetchResponseGroup> fetchOffsets(
            GroupCaller caller, OffsetFetchRequestGroup request, boolean requireStable) {
        return pass(
                caller,
                request,
                () -> groups.ask(coordinator -> coordinator.fetchOffsets(caller, request, requireStable)));
    }

    public CompletableFuture<OffsetDeleteResponseData> deleteOffsets(
            GroupCaller caller, OffsetDeleteRequestData request) {
        return groups.ask(coordinator -> coordinator.deleteOffsets(caller, request, buffers()));
    }

    public CompletableFuture<ListGroupsResponseData> listGroups(GroupCaller caller, ListGroupsRequestData request) {
        return groups.ask(coordinator -> coordinator.listGroups(caller, request));
    }

    public CompletableFuture<List<DescribeGroupsResponseData.DescribedGroup>> describeGroups(
            GroupCaller caller, List<String> groupIds) {
        return groups.ask(coordinator -> coordinator.describeGroups(caller, groupIds));
    }

    public CompletableFuture<List<ConsumerGroupDescribeResponseData.DescribedGroup>> describeConsumerGroups(
            GroupCaller caller, List<String> groupIds) {
        return ask(GroupProtocol.CONSUMER, coordinator -> coordinator.consumerGroupDescribe(caller, groupIds));
    }

    public CompletableFuture<List<StreamsGroupDescribeResponseData.DescribedGroup>> describeStreamsGroups(
            GroupCaller caller, List<String> groupIds, boolean withTopologyDescription) {
        return ask(
                GroupProtocol.STREAMS,
                coordinator -> coordinator.streamsGroupDescribe(caller, groupIds, withTopologyDescription));
    }

    /// The calls of share groups.
    public ShareGroupCalls shares() {
        return new ShareGroupCalls(groups);
    }

    public CompletableFuture<DeletableGroupResultCollection> deleteGroups(GroupCaller caller, List<String> groupIds) {
        return groups.ask(coordinator -> coordinator.deleteGroups(caller, groupIds, buffers()));
    }

    private <T extends Message> CompletableFuture<T> pass(
            GroupCaller caller, Message request, Supplier<CompletableFuture<T>> call) {
        return groups.calls().pass(caller, request, call);
    }

    private <T> CompletableFuture<T> ask(
            GroupProtocol protocol, Function<GroupCoordinator, CompletableFuture<T>> question) {
        return groups.allows(protocol)
                ? groups.ask(question)
                : CompletableFuture.failedFuture(new UnsupportedVersionException(
                        "the protocol %s is not among the settings, or the cluster lacks the feature %s"
                                .formatted(protocol.setting(), protocol.feature())));
    }

    private static BufferSupplier buffers() {
        return BufferSupplier.NO_CACHING;
    }
}
