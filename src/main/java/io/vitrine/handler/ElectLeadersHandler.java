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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.apache.kafka.common.message.ElectLeadersRequestData;
import org.apache.kafka.common.message.ElectLeadersResponseData;
import org.apache.kafka.common.message.ElectLeadersResponseData.PartitionResult;
import org.apache.kafka.common.message.ElectLeadersResponseData.ReplicaElectionResult;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/// Elects leaders. A topic that was made here always has its only possible one; a partition that comes from a larger
/// cluster may get one by an unclean election, if a replica of it is here.
public final class ElectLeadersHandler implements RequestHandler<ElectLeadersRequestData> {
    private static final byte PREFERRED = 0;
    private static final byte UNCLEAN = 1;

    private final MetadataService metadata;
    private final BlockingAnswer blocking;

    /// @param mayBlock runs what writes the metadata log
    public ElectLeadersHandler(MetadataService metadata, Executor mayBlock) {
        this.metadata = metadata;
        this.blocking = new BlockingAnswer(mayBlock);
    }

    @Override
    public ApiKeys apiKey() {
        return ApiKeys.ELECT_LEADERS;
    }

    @Override
    public VersionRange versions() {
        return VersionRange.of(0, 2);
    }

    @Override
    public CompletionStage<Answer> handle(Request<ElectLeadersRequestData> request) {
        return blocking.to(
                request,
                () -> elect(request),
                () -> failed(request.message(), Errors.KAFKA_STORAGE_ERROR, Errors.KAFKA_STORAGE_ERROR.message()));
    }

    private ElectLeadersResponseData elect(Request<ElectLeadersRequestData> request) throws IOException {
        byte type = request.message().electionType();
        if (type != PREFERRED && type != UNCLEAN) {
            var message = "Unknown election type " + type;
            request.noteRefusal(Subject.whole(), Errors.INVALID_REQUEST, "ELECTION_TYPE", message);
            return failed(request.message(), Errors.INVALID_REQUEST, message);
        }
        boolean asksForAll = request.message().topicPartitions() == null;
        var names = asksForAll ? allPartitions() : named(request.message());
        var outcomes = metadata.placement()
                .elect(
                        type == PREFERRED ? ReplicaPlacement.Election.PREFERRED : ReplicaPlacement.Election.UNCLEAN,
                        names);
        var results = emptyResults(request.message());
        for (int i = 0; i < names.size(); i++) {
            var outcome = outcomes.get(i);
            // Who asks for all is only told of those where there was something to do.
            if (!asksForAll || !(outcome instanceof PlacementOutcome.NotNeeded)) {
                results.computeIfAbsent(names.get(i).topic(), _ -> new ArrayList<>())
                        .add(result(request, names.get(i), outcome));
            }
        }
        return response(results);
    }

    private List<ReplicaPlacement.Name> allPartitions() {
        return metadata.image().topics().stream()
                .flatMap(topic -> topic.partitions().stream()
                        .map(partition -> new ReplicaPlacement.Name(topic.name(), partition.index())))
                .toList();
    }

    private static List<ReplicaPlacement.Name> named(ElectLeadersRequestData message) {
        return message.topicPartitions().stream()
                .flatMap(topic ->
                        topic.partitions().stream().map(index -> new ReplicaPlacement.Name(topic.topic(), index)))
                .toList();
    }

    /// Each topic has its place in the answer, with or without results.
    private Map<String, List<PartitionResult>> emptyResults(ElectLeadersRequestData message) {
        var results = new LinkedHashMap<String, List<PartitionResult>>();
        if (message.topicPartitions() == null) {
            metadata.image().topics().forEach(topic -> results.put(topic.name(), new ArrayList<>()));
        } else {
            message.topicPartitions().forEach(topic -> results.put(topic.topic(), new ArrayList<>()));
        }
        return results;
    }

    private static PartitionResult result(
            Request<ElectLeadersRequestData> request, ReplicaPlacement.Name name, PlacementOutcome outcome) {
        return switch (outcome) {
            case PlacementOutcome.Changed _ -> new PartitionResult().setPartitionId(name.partition());
            case PlacementOutcome.NotNeeded _ -> {
                var error = Errors.ELECTION_NOT_NEEDED;
                // Where all partitions are asked for, the answer has nothing of these.
                if (request.message().topicPartitions() != null) {
                    var subject = Subject.partition(name.topic(), name.partition());
                    request.noteRefusal(subject, error, error.name(), error.message());
                }
                yield refused(name, error, error.message());
            }
            case PlacementOutcome.UnknownTopic _ -> unknown(request, name, "No such topic as " + name.topic());
            case PlacementOutcome.UnknownPartition _ ->
                unknown(request, name, "No such partition as %s-%d".formatted(name.topic(), name.partition()));
            case PlacementOutcome.Refused(var rule, var reason) -> {
                var error = request.message().electionType() == PREFERRED
                        ? Errors.PREFERRED_LEADER_NOT_AVAILABLE
                        : Errors.ELIGIBLE_LEADERS_NOT_AVAILABLE;
                request.noteRefusal(Subject.partition(name.topic(), name.partition()), error, rule.name(), reason);
                yield refused(name, error, error.message());
            }
        };
    }

    private static PartitionResult unknown(
            Request<ElectLeadersRequestData> request, ReplicaPlacement.Name name, String message) {
        var error = Errors.UNKNOWN_TOPIC_OR_PARTITION;
        request.noteRefusal(Subject.partition(name.topic(), name.partition()), error, "UNKNOWN", message);
        return refused(name, error, message);
    }

    private static PartitionResult refused(ReplicaPlacement.Name name, Errors error, String message) {
        return new PartitionResult()
                .setPartitionId(name.partition())
                .setErrorCode(error.code())
                .setErrorMessage(message);
    }

    private static ElectLeadersResponseData response(Map<String, List<PartitionResult>> results) {
        var response = new ElectLeadersResponseData();
        results.forEach((topic, ofTopic) -> response.replicaElectionResults()
                .add(new ReplicaElectionResult().setTopic(topic).setPartitionResult(ofTopic)));
        return response;
    }

    private ElectLeadersResponseData failed(ElectLeadersRequestData message, Errors error, String text) {
        var results = emptyResults(message);
        if (message.topicPartitions() != null) {
            named(message)
                    .forEach(name -> Optional.ofNullable(results.get(name.topic()))
                            .ifPresent(ofTopic -> ofTopic.add(refused(name, error, text))));
        }
        return response(results).setErrorCode(error.code());
    }
}
