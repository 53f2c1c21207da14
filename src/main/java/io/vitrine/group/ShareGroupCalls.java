package io.vitrine.group;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.message.AlterShareGroupOffsetsRequestData;
import org.apache.kafka.common.message.AlterShareGroupOffsetsResponseData;
import org.apache.kafka.common.message.DeleteShareGroupOffsetsRequestData;
import org.apache.kafka.common.message.DeleteShareGroupOffsetsResponseData;
import org.apache.kafka.common.message.DescribeShareGroupOffsetsRequestData.DescribeShareGroupOffsetsRequestGroup;
import org.apache.kafka.common.message.DescribeShareGroupOffsetsResponseData.DescribeShareGroupOffsetsResponseGroup;
import org.apache.kafka.common.message.ShareGroupDescribeResponseData;
import org.apache.kafka.common.message.ShareGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ShareGroupHeartbeatResponseData;

/// What can be asked of share groups; as [GroupCalls].
public final class ShareGroupCalls {
    private final GroupService groups;

    ShareGroupCalls(GroupService groups) {
        this.groups = groups;
    }

    public CompletableFuture<ShareGroupHeartbeatResponseData> heartbeat(
            GroupCaller caller, ShareGroupHeartbeatRequestData request) {
        return groups.calls()
                .pass(
                        caller,
                        request,
                        () -> groups.ask(coordinator -> coordinator.shareGroupHeartbeat(caller, request)));
    }

    public CompletableFuture<List<ShareGroupDescribeResponseData.DescribedGroup>> describe(
            GroupCaller caller, List<String> groupIds) {
        return groups.ask(coordinator -> coordinator.shareGroupDescribe(caller, groupIds));
    }

    /// Tells from where on records are delivered, for the partitions named, or for all if no topics are.
    public CompletableFuture<DescribeShareGroupOffsetsResponseGroup> describeOffsets(
            GroupCaller caller, DescribeShareGroupOffsetsRequestGroup request) {
        return groups.ask(coordinator -> request.topics() == null
                ? coordinator.describeShareGroupAllOffsets(caller, request)
                : coordinator.describeShareGroupOffsets(caller, request));
    }

    public CompletableFuture<AlterShareGroupOffsetsResponseData> alterOffsets(
            GroupCaller caller, AlterShareGroupOffsetsRequestData request) {
        return groups.ask(coordinator -> coordinator.alterShareGroupOffsets(caller, request.groupId(), request));
    }

    public CompletableFuture<DeleteShareGroupOffsetsResponseData> deleteOffsets(
            GroupCaller caller, DeleteShareGroupOffsetsRequestData request) {
        return groups.ask(coordinator -> coordinator.deleteShareGroupOffsets(caller, request));
    }
}
