package io.vitrine.handler;

import io.vitrine.metadata.MetadataService;
import io.vitrine.metadata.ReplicaPlacement;
import io.vitrine.protocol.Answer;
import io.vitrine.protocol.Request;
import io.vitrine.protocol.RequestHandler;
import io.vitrine.protocol.VersionRange;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.ListPartitionReassignmentsRequestData;
import org.apache.kafka.common.message.ListPartitionReassignmentsResponseData;
import org.apache.kafka.common.message.ListPartitionReassignmentsResponseData.OngoingPartitionReassignment;
import org.apache.kafka.common.message.ListPartitionReassignmentsResponseData.OngoingTopicReassignment;
import org.apache.kafka.common.protocol.ApiKeys;

/// Lists changes of replicas that are under way: those that were when the directory came here.
public final class ListPartitionReassignmentsHandler implements RequestHandler<ListPartitionReassignmentsRequestData> {
    private final MetadataService metadata;

    public ListPartitionReassignmentsHandler(MetadataService metadata) {
        this.metadata = metadata;
    }

    @Override
    public ApiKeys apiKey() {
        return ApiKeys.LIST_PARTITION_REASSIGNMENTS;
    }

    @Override
    public VersionRange versions() {
        return VersionRange.of(0, 0);
    }

    @Override
    public CompletionStage<Answer> handle(Request<ListPartitionReassignmentsRequestData> request) {
        var byTopic = new TreeMap<String, List<OngoingPartitionReassignment>>();
        for (var underway : wished(request.message())) {
            byTopic.computeIfAbsent(underway.name().topic(), _ -> new ArrayList<>())
                    .add(new OngoingPartitionReassignment()
                            .setPartitionIndex(underway.name().partition())
                            .setReplicas(underway.replicas())
                            .setAddingReplicas(underway.adding())
                            .setRemovingReplicas(underway.removing()));
        }
        var response = new ListPartitionReassignmentsResponseData().setErrorMessage(null);
        byTopic.forEach((topic, partitions) -> response.topics()
                .add(new OngoingTopicReassignment().setName(topic).setPartitions(partitions)));
        return CompletableFuture.completedFuture(new Answer.Message(response));
    }

    private List<ReplicaPlacement.Underway> wished(ListPartitionReassignmentsRequestData message) {
        var all = metadata.placement().underway();
        if (message.topics() == null) {
            return all;
        }
        var names = new HashSet<ReplicaPlacement.Name>();
        message.topics()
                .forEach(topic -> topic.partitionIndexes()
                        .forEach(index -> names.add(new ReplicaPlacement.Name(topic.name(), index))));
        return all.stream()
                .filter(underway -> names.contains(new ReplicaPlacement.Name(
                        underway.name().topic(), underway.name().partition())))
                .toList();
    }
}
