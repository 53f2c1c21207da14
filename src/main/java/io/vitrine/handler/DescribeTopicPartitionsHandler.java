package io.vitrine.handler;

import io.vitrine.metadata.ClusterImage;
import io.vitrine.metadata.MetadataService;
import io.vitrine.metadata.Topic;
import io.vitrine.metadata.TopicPartitionState;
import io.vitrine.protocol.Answer;
import io.vitrine.protocol.Request;
import io.vitrine.protocol.RequestHandler;
import io.vitrine.protocol.Subject;
import io.vitrine.protocol.VersionRange;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import org.apache.kafka.common.message.DescribeTopicPartitionsRequestData;
import org.apache.kafka.common.message.DescribeTopicPartitionsRequestData.TopicRequest;
import org.apache.kafka.common.message.DescribeTopicPartitionsResponseData;
import org.apache.kafka.common.message.DescribeTopicPartitionsResponseData.Cursor;
import org.apache.kafka.common.message.DescribeTopicPartitionsResponseData.DescribeTopicPartitionsResponsePartition;
import org.apache.kafka.common.message.DescribeTopicPartitionsResponseData.DescribeTopicPartitionsResponseTopic;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/// Describes topics page by page: sorted by name, at most so many partitions in one answer, and a cursor that says
/// where the next answer begins.
public final class DescribeTopicPartitionsHandler implements RequestHandler<DescribeTopicPartitionsRequestData> {
    // `max.request.partition.size.limit` of Kafka.
    private static final int MAX_PARTITIONS = 2000;

    private final MetadataService metadata;

    public DescribeTopicPartitionsHandler(MetadataService metadata) {
        this.metadata = metadata;
    }

    @Override
    public ApiKeys apiKey() {
        return ApiKeys.DESCRIBE_TOPIC_PARTITIONS;
    }

    @Override
    public VersionRange versions() {
        return VersionRange.of(0, 0);
    }

    @Override
    public CompletionStage<Answer> handle(Request<DescribeTopicPartitionsRequestData> request) {
        var message = request.message();
        var response = new DescribeTopicPartitionsResponseData();
        if (message.cursor() != null && message.cursor().partitionIndex() < 0) {
            refuse(request, response);
        } else {
            describe(request, response);
        }
        return CompletableFuture.completedFuture(new Answer.Message(response));
    }

    /// As in Kafka, for want of an error of the whole answer each topic that was named has it.
    private static void refuse(
            Request<DescribeTopicPartitionsRequestData> request, DescribeTopicPartitionsResponseData response) {
        var cursor = request.message().cursor();
        request.noteRefusal(
                Subject.topic(cursor.topicName()),
                Errors.INVALID_REQUEST,
                "CURSOR",
                "expected a partition from 0 on, found " + cursor.partitionIndex());
        request.message()
                .topics()
                .forEach(topic -> response.topics()
                        .add(new DescribeTopicPartitionsResponseTopic()
                                .setName(topic.name())
                                .setErrorCode(Errors.INVALID_REQUEST.code())));
    }

    private void describe(
            Request<DescribeTopicPartitionsRequestData> request, DescribeTopicPartitionsResponseData response) {
        var message = request.message();
        var image = metadata.image();
        int left = Math.clamp(message.responsePartitionLimit(), 1, MAX_PARTITIONS);
        for (var name : names(message, image)) {
            int first = message.cursor() != null && name.equals(message.cursor().topicName())
                    ? message.cursor().partitionIndex()
                    : 0;
            if (left == 0) {
                response.setNextCursor(new Cursor().setTopicName(name).setPartitionIndex(first));
                break;
            }
            var topic = image.findTopic(name);
            if (topic.isEmpty()) {
                response.topics().add(unknown(request, name));
                continue;
            }
            int count = topic.get().partitions().size();
            int end = (int) Math.min(count, (long) first + left);
            response.topics().add(describe(topic.get(), Math.min(first, count), end));
            left -= Math.max(0, end - first);
            if (end < count) {
                response.setNextCursor(new Cursor().setTopicName(name).setPartitionIndex(end));
                break;
            }
        }
    }

    /// The names asked for, or all, sorted, from the cursor on.
    private static NavigableSet<String> names(DescribeTopicPartitionsRequestData message, ClusterImage image) {
        NavigableSet<String> names = message.topics().isEmpty()
                ? image.topics().stream().map(Topic::name).collect(Collectors.toCollection(TreeSet::new))
                : message.topics().stream().map(TopicRequest::name).collect(Collectors.toCollection(TreeSet::new));
        return message.cursor() == null ? names : names.tailSet(message.cursor().topicName(), true);
    }

    private static DescribeTopicPartitionsResponseTopic unknown(Request<?> request, String name) {
        TopicNameRule.note(request, name);
        return new DescribeTopicPartitionsResponseTopic()
                .setName(name)
                .setErrorCode(TopicNameRule.errorFor(name).code())
                .setTopicAuthorizedOperations(AuthorizedOperations.ON_TOPIC);
    }

    private static DescribeTopicPartitionsResponseTopic describe(Topic topic, int first, int end) {
        return new DescribeTopicPartitionsResponseTopic()
                .setName(topic.name())
                .setTopicId(topic.id())
                .setIsInternal(topic.isInternal())
                .setTopicAuthorizedOperations(AuthorizedOperations.ON_TOPIC)
                .setPartitions(topic.partitions().subList(first, Math.max(first, end)).stream()
                        .map(DescribeTopicPartitionsHandler::describe)
                        .toList());
    }

    private static DescribeTopicPartitionsResponsePartition describe(TopicPartitionState state) {
        var error = state.leader() == TopicPartitionState.NO_LEADER ? Errors.LEADER_NOT_AVAILABLE : Errors.NONE;
        return new DescribeTopicPartitionsResponsePartition()
                .setErrorCode(error.code())
                .setPartitionIndex(state.index())
                .setLeaderId(state.leader())
                .setLeaderEpoch(state.leaderEpoch())
                .setReplicaNodes(state.replicas())
                .setIsrNodes(state.inSyncReplicas())
                .setEligibleLeaderReplicas(List.of())
                .setLastKnownElr(List.of());
    }
}
