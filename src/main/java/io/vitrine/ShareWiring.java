package io.vitrine;

import io.vitrine.group.GroupCalls;
import io.vitrine.group.GroupService;
import io.vitrine.handler.AlterShareGroupOffsetsHandler;
import io.vitrine.handler.DeleteShareGroupOffsetsHandler;
import io.vitrine.handler.DescribeShareGroupOffsetsHandler;
import io.vitrine.handler.ShareAcknowledgeHandler;
import io.vitrine.handler.ShareFetchHandler;
import io.vitrine.handler.ShareGroupDescribeHandler;
import io.vitrine.handler.ShareGroupHeartbeatHandler;
import io.vitrine.metadata.MetadataService;
import io.vitrine.partition.PartitionLogService;
import io.vitrine.protocol.Purgatory;
import io.vitrine.protocol.RequestHandler;
import io.vitrine.share.SharePartitions;
import io.vitrine.share.ShareSessions;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.Executor;

/// What the broker needs to serve share groups.
record ShareWiring(SharePartitions partitions, ShareSessions sessions) implements AutoCloseable {

    /// @param mayBlock runs what reads through a log
    static ShareWiring of(
            MetadataService metadata, PartitionLogService partitions, GroupService groups, Executor mayBlock) {
        var shares = new SharePartitions(metadata, partitions, groups.shareStates(), mayBlock, Clock.systemUTC());
        return new ShareWiring(shares, new ShareSessions(shares));
    }

    List<RequestHandler<?>> handlers(
            GroupService groups, MetadataService metadata, Purgatory purgatory, int maxResponseBytes) {
        var calls = new GroupCalls(groups);
        return List.of(
                new ShareGroupHeartbeatHandler(calls),
                new ShareGroupDescribeHandler(calls),
                new ShareFetchHandler(metadata, partitions, sessions, purgatory, maxResponseBytes),
                new ShareAcknowledgeHandler(metadata, partitions, sessions),
                new DescribeShareGroupOffsetsHandler(calls),
                new AlterShareGroupOffsetsHandler(calls),
                new DeleteShareGroupOffsetsHandler(calls));
    }

    @Override
    public void close() {
        partitions.close();
    }
}
