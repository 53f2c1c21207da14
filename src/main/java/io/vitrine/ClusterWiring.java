package io.vitrine;

import io.vitrine.handler.AdvertisedAddress;
import io.vitrine.handler.AlterPartitionReassignmentsHandler;
import io.vitrine.handler.AlterReplicaLogDirsHandler;
import io.vitrine.handler.CreateAclsHandler;
import io.vitrine.handler.DeleteAclsHandler;
import io.vitrine.handler.DescribeAclsHandler;
import io.vitrine.handler.DescribeClientQuotasHandler;
import io.vitrine.handler.DescribeClusterHandler;
import io.vitrine.handler.DescribeLogDirsHandler;
import io.vitrine.handler.DescribeProducersHandler;
import io.vitrine.handler.DescribeQuorumHandler;
import io.vitrine.handler.DescribeUserScramCredentialsHandler;
import io.vitrine.handler.ElectLeadersHandler;
import io.vitrine.handler.ListPartitionReassignmentsHandler;
import io.vitrine.handler.UnregisterBrokerHandler;
import io.vitrine.handler.UpdateFeaturesHandler;
import io.vitrine.metadata.MetadataService;
import io.vitrine.partition.PartitionLogService;
import io.vitrine.protocol.RequestHandler;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.Executor;

/// What the broker needs to describe and administer the cluster that it is.
final class ClusterWiring {
    private ClusterWiring() {}

    static List<RequestHandler<?>> handlers(
            MetadataService metadata, PartitionLogService partitions, AdvertisedAddress advertised, Executor mayBlock) {
        return List.of(
                new DescribeClusterHandler(metadata, advertised),
                new DescribeQuorumHandler(metadata, advertised, Clock.systemUTC()),
                new UnregisterBrokerHandler(metadata, mayBlock),
                new UpdateFeaturesHandler(metadata, mayBlock),
                new DescribeLogDirsHandler(partitions, mayBlock),
                new DescribeProducersHandler(metadata, partitions),
                new AlterReplicaLogDirsHandler(partitions),
                new ElectLeadersHandler(metadata, mayBlock),
                new AlterPartitionReassignmentsHandler(metadata, mayBlock),
                new ListPartitionReassignmentsHandler(metadata),
                new DescribeClientQuotasHandler(metadata),
                new DescribeUserScramCredentialsHandler(metadata),
                new DescribeAclsHandler(),
                new CreateAclsHandler(),
                new DeleteAclsHandler());
    }
}
