package io.vitrine.handler;

import io.vitrine.metadata.MetadataService;
import io.vitrine.metadata.PlacementOutcome;
import io.vitrine.metadata.ReplicaPlacement;
import io.vitrine.protocol.Answer;
import io.vitrine.protocol.Request;
import io.vitrine.protocol.RequestHandler;
import io.vitrine.protocol.Subject;
import io.vitrine.protocol.VersionRange;
import java.io.IOException;
import java.util.ArrayList;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData.ReassignableTopic;
import org.apache.kafka.common.message.AlterPartitionReassignmentsResponseData;
import org.apache.kafka.common.message.AlterPartitionReassignmentsResponseData.ReassignablePartitionResponse;
import org.apache.kafka.common.message.AlterPartitionReassignmentsResponseData.ReassignableTopicResponse;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/// Changes where replicas are. This node is the only place there is, so all that can be done is to have it alone keep
/// a partition that comes from a larger cluster.
public final class AlterPartitionReassignmentsHandler
        implements RequestHandler<AlterPartitionReassignmentsRequestData> {
    private final MetadataService metadata;
    private final BlockingAnswer blocking;

    /// @param mayBlock runs what writes the metadata log
    public AlterPartitionReassignmentsHandler(MetadataService metadata, Executor mayBlock) {
        this.metadata = metadata;
        this.blocking = new BlockingAnswer(mayBlock);
    }

    @Override
    public ApiKeys apiKey() {
        return ApiKeys.ALTER_PARTITION_REASSIGNMENTS;
    }

    @Override
    public VersionRange versions() {
        return VersionRange.of(0, 1);
    }

    @Override
    public CompletionStage<Answer> handle(Request<AlterPartitionReassignmentsRequestData> request) {
        return blocking.to(
                request,
                () -> reassign(request),
                () -> answer(request).setErrorCode(Errors.KAFKA_STORAGE_ERROR.code()));
    }

    private AlterPartitionReassignmentsResponseData reassign(Request<AlterPartitionReassignmentsRequestData> request)
            throws IOException {
        var wishes = new ArrayList<ReplicaPlacement.Wish>();
        for (var topic : request.message().topics()) {
            topic.partitions()
                    .forEach(partition -> wishes.add(new ReplicaPlacement.Wish(
                            new ReplicaPlacement.Name(topic.name(), partition.partitionIndex()),
                            partition.replicas())));
        }
        var outcomes = metadata.placement()
                .reassign(wishes, request.message().allowReplicationFactorChange())
                .iterator();
        var response = answer(request);
        for (var topic : request.message().topics()) {
            response.responses()
                    .add(new ReassignableTopicResponse()
                            .setName(topic.name())
                            .setPartitions(topic.partitions().stream()
                                    .map(partition ->
                                            result(request, topic, partition.partitionIndex(), outcomes.next()))
                                    .toList()));
        }
        return response;
    }

    private static AlterPartitionReassignmentsResponseData answer(
            Request<AlterPartitionReassignmentsRequestData> request) {
        return new AlterPartitionReassignmentsResponseData()
                .setErrorMessage(null)
                .setAllowReplicationFactorChange(request.message().allowReplicationFactorChange());
    }

    private static ReassignablePartitionResponse result(
            Request<AlterPartitionReassignmentsRequestData> request,
            ReassignableTopic topic,
            int index,
            PlacementOutcome outcome) {
        var response =
                new ReassignablePartitionResponse().setPartitionIndex(index).setErrorMessage(null);
        return switch (outcome) {
            case PlacementOutcome.Changed _, PlacementOutcome.NotNeeded _ -> response;
            case PlacementOutcome.UnknownTopic _ ->
                refuse(
                        request,
                        topic,
                        response.setErrorCode(Errors.UNKNOWN_TOPIC_OR_PARTITION.code())
                                .setErrorMessage("Unable to find a topic named %s.".formatted(topic.name())),
                        "UNKNOWN");
            case PlacementOutcome.UnknownPartition _ ->
                refuse(
                        request,
                        topic,
                        response.setErrorCode(Errors.UNKNOWN_TOPIC_OR_PARTITION.code())
                                .setErrorMessage("Unable to find partition %s:%d.".formatted(topic.name(), index)),
                        "UNKNOWN");
            case PlacementOutcome.Refused(var rule, var reason) ->
                refuse(
                        request,
                        topic,
                        response.setErrorCode(error(rule).code()).setErrorMessage(reason.isEmpty() ? null : reason),
                        rule.name());
        };
    }

    private static Errors error(PlacementOutcome.Rule rule) {
        return switch (rule) {
            case NOTHING_TO_CANCEL -> Errors.NO_REASSIGNMENT_IN_PROGRESS;
            case REPLICATION_FACTOR -> Errors.INVALID_REPLICATION_FACTOR;
            case INVALID_ASSIGNMENT, NO_CANDIDATE -> Errors.INVALID_REPLICA_ASSIGNMENT;
        };
    }

    private static ReassignablePartitionResponse refuse(
            Request<AlterPartitionReassignmentsRequestData> request,
            ReassignableTopic topic,
            ReassignablePartitionResponse response,
            String reason) {
        var error = Errors.forCode(response.errorCode());
        request.noteRefusal(
                Subject.partition(topic.name(), response.partitionIndex()),
                error,
                reason,
                response.errorMessage() == null ? error.message() : response.errorMessage());
        return response;
    }
}
