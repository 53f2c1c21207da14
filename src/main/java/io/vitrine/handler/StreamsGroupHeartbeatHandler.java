package io.vitrine.handler;

import io.vitrine.group.GroupCalls;
import io.vitrine.handler.MemberHeartbeat.Refusal;
import io.vitrine.protocol.Answer;
import io.vitrine.protocol.Request;
import io.vitrine.protocol.RequestHandler;
import io.vitrine.protocol.VersionRange;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.message.StreamsGroupHeartbeatRequestData;
import org.apache.kafka.common.message.StreamsGroupHeartbeatRequestData.Subtopology;
import org.apache.kafka.common.message.StreamsGroupHeartbeatRequestData.TopicInfo;
import org.apache.kafka.common.message.StreamsGroupHeartbeatResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/// The one call of the protocol of streams groups (KIP-1071): a member joins with its topology, stays, learns its
/// tasks, and leaves with it. The topics that the topology needs are made here.
public final class StreamsGroupHeartbeatHandler implements RequestHandler<StreamsGroupHeartbeatRequestData> {
    private final GroupCalls groups;

    public StreamsGroupHeartbeatHandler(GroupCalls groups) {
        this.groups = groups;
    }

    @Override
    public ApiKeys apiKey() {
        return ApiKeys.STREAMS_GROUP_HEARTBEAT;
    }

    @Override
    public VersionRange versions() {
        return VersionRange.of(0, 1);
    }

    @Override
    public CompletionStage<Answer> handle(Request<StreamsGroupHeartbeatRequestData> request) {
        var message = request.message();
        var fault = findFault(message);
        if (!fault.isEmpty()) {
            GroupAnswers.note(request, message.groupId(), Errors.STREAMS_INVALID_TOPOLOGY.code(), fault);
            return CompletableFuture.completedFuture(
                    new Answer.Message(refused(new Refusal(Errors.STREAMS_INVALID_TOPOLOGY.code(), fault))));
        }
        return new MemberHeartbeat(message.groupId(), message.memberId(), message.memberEpoch(), groups.haveBeenLost())
                .answer(
                        request,
                        groups.streamsGroupHeartbeat(GroupAnswers.caller(request), message),
                        StreamsGroupHeartbeatHandler::refused,
                        answer -> new Refusal(answer.errorCode(), answer.errorMessage()));
    }

    /// What is wrong with the names in the topology, in Kafka's words; empty if nothing is.
    private static String findFault(StreamsGroupHeartbeatRequestData message) {
        if (message.topology() == null) {
            return "";
        }
        var topics = message.topology().subtopologies().stream()
                .flatMap(StreamsGroupHeartbeatHandler::topics)
                .collect(Collectors.toSet());
        var internal = sorted(topics.stream().filter(Topic::isInternal));
        if (!internal.isEmpty()) {
            return "Use of Kafka internal topics %s in a Kafka Streams topology is prohibited."
                    .formatted(String.join(",", internal));
        }
        var invalid = sorted(topics.stream().filter(name -> !io.vitrine.metadata.Topic.isLegal(name)));
        return invalid.isEmpty()
                ? ""
                : "Topic names %s are not valid topic names.".formatted(String.join(",", invalid));
    }

    private static Stream<String> topics(Subtopology subtopology) {
        return Stream.of(
                        subtopology.sourceTopics(),
                        subtopology.repartitionSinkTopics(),
                        names(subtopology.repartitionSourceTopics()),
                        names(subtopology.stateChangelogTopics()))
                .flatMap(List::stream);
    }

    private static List<String> names(List<TopicInfo> topics) {
        return topics.stream().map(TopicInfo::name).toList();
    }

    private static List<String> sorted(Stream<String> names) {
        return names.sorted().toList();
    }

    private static StreamsGroupHeartbeatResponseData refused(Refusal refusal) {
        return new StreamsGroupHeartbeatResponseData()
                .setErrorCode(refusal.code())
                .setErrorMessage(refusal.message());
    }
}
