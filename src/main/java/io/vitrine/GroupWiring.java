package io.vitrine;

import io.vitrine.config.BrokerSettings;
import io.vitrine.config.SettingsException;
import io.vitrine.group.GroupCalls;
import io.vitrine.group.GroupService;
import io.vitrine.group.GroupSettings;
import io.vitrine.handler.AdvertisedAddress;
import io.vitrine.handler.ConsumerGroupDescribeHandler;
import io.vitrine.handler.ConsumerGroupHeartbeatHandler;
import io.vitrine.handler.DeleteGroupsHandler;
import io.vitrine.handler.DescribeGroupsHandler;
import io.vitrine.handler.FindCoordinatorHandler;
import io.vitrine.handler.HeartbeatHandler;
import io.vitrine.handler.JoinGroupHandler;
import io.vitrine.handler.LeaveGroupHandler;
import io.vitrine.handler.ListGroupsHandler;
import io.vitrine.handler.OffsetCommitHandler;
import io.vitrine.handler.OffsetDeleteHandler;
import io.vitrine.handler.OffsetFetchHandler;
import io.vitrine.handler.StreamsGroupDescribeHandler;
import io.vitrine.handler.StreamsGroupHeartbeatHandler;
import io.vitrine.handler.SyncGroupHandler;
import io.vitrine.metadata.MetadataService;
import io.vitrine.partition.PartitionLogService;
import io.vitrine.protocol.RequestHandler;
import io.vitrine.timeline.GroupTimelines;
import io.vitrine.transaction.TransactionService;
import java.util.List;
import java.util.concurrent.Executor;

/// What the broker needs to serve groups.
///
/// @param gate leads to the coordinator of transactions, once there is one
/// @param timelines what happens to them, from the first moment on
record GroupWiring(GroupService service, LateGate gate, GroupTimelines timelines) {
    static GroupWiring of(
            BrokerSettings settings, MetadataService metadata, PartitionLogService partitions, Executor mayBlock) {
        var gate = new LateGate();
        var service = new GroupService(metadata, partitions, settings(settings), gate, mayBlock);
        return new GroupWiring(service, gate, GroupTimelines.of(service, metadata));
    }

    /// @throws SettingsException if a setting of groups can't be used
    static void check(BrokerSettings settings) throws SettingsException {
        try {
            settings(settings).check();
        } catch (IllegalArgumentException e) {
            throw new SettingsException(String.valueOf(e.getMessage()));
        }
    }

    static GroupSettings settings(BrokerSettings settings) {
        return new GroupSettings(settings.groups(), settings.log().fsyncForAcksAll());
    }

    List<RequestHandler<?>> handlers(
            MetadataService metadata, AdvertisedAddress advertised, TransactionService transactions) {
        var calls = new GroupCalls(service);
        return List.of(
                new FindCoordinatorHandler(metadata, advertised, service, transactions),
                new JoinGroupHandler(calls),
                new SyncGroupHandler(calls),
                new HeartbeatHandler(calls),
                new LeaveGroupHandler(calls),
                new OffsetCommitHandler(calls, metadata),
                new OffsetFetchHandler(calls, metadata),
                new OffsetDeleteHandler(calls, metadata),
                new DescribeGroupsHandler(calls),
                new ListGroupsHandler(calls),
                new DeleteGroupsHandler(calls),
                new ConsumerGroupHeartbeatHandler(calls),
                new ConsumerGroupDescribeHandler(calls),
                new StreamsGroupHeartbeatHandler(calls),
                new StreamsGroupDescribeHandler(calls));
    }
}
