package io.vitrine.handler;

import io.vitrine.group.GroupCalls;
import io.vitrine.metadata.MetadataService;
import io.vitrine.protocol.Answer;
import io.vitrine.protocol.Request;
import io.vitrine.protocol.RequestHandler;
import io.vitrine.protocol.VersionRange;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.OffsetDeleteRequestData;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestPartition;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestTopic;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestTopicCollection;
import org.apache.kafka.common.message.OffsetDeleteResponseData;
import org.apache.kafka.common.message.OffsetDeleteResponseData.OffsetDeleteResponsePartition;
import org.apache.kafka.common.message.OffsetDeleteResponseData.OffsetDeleteResponseTopic;
import org.apache.kafka.common.message.OffsetDeleteResponseData.OffsetDeleteResponseTopicCollection;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/// Forgets how far a group has read, for partitions that none of its members is subscribed to.
public final class OffsetDeleteHandler implements RequestHandler<OffsetDeleteRequestData> {
    private final GroupCalls groups;
    private final MetadataService metadata;

    public OffsetDeleteHandler(GroupCalls groups, MetadataService metadata) {
        this.groups = groups;
        this.metadata = metadata;
    }

    @Override
    public ApiKeys apiKey() {
        return ApiKeys.OFFSET_DELETE;
    }

    @Override
    public VersionRange versions() {
        return VersionRange.of(0, 0);
    }

    @Override
    public CompletionStage<Answer> handle(Request<OffsetDeleteRequestData> request) {
        var message = request.message();
        var known = new OffsetDeleteRequestTopicCollection();
        var refused = new OffsetDeleteResponseTopicCollection();
        for (var topic : message.topics()) {
            var wanted = new OffsetDeleteRequestTopic().setName(topic.name());
            for (var partition : topic.partitions()) {
                if (exists(topic.name(), partition.partitionIndex())) {
                    wanted.partitions().add(partition);
                } else {
                    add(refused, topic.name(), missing(partition));
                }
            }
            if (!wanted.partitions().isEmpty()) {
                known.mustAdd(wanted);
            }
        }
        return GroupAnswers.answer(
                request,
                groups.deleteOffsets(
                                GroupAnswers.caller(request),
                                new OffsetDeleteRequestData()
                                        .setGroupId(message.groupId())
                                        .setTopics(known))
                        .thenApply(response -> merge(refused, response)),
                error -> new OffsetDeleteResponseData().setErrorCode(error.code()),
                response -> note(request, response));
    }

    private boolean exists(String topic, int partition) {
        return metadata.image()
                .findTopic(topic)
                .flatMap(found -> found.findPartition(partition))
                .isPresent();
    }

    private static OffsetDeleteResponsePartition missing(OffsetDeleteRequestPartition partition) {
        return new OffsetDeleteResponsePartition()
                .setPartitionIndex(partition.partitionIndex())
                .setErrorCode(Errors.UNKNOWN_TOPIC_OR_PARTITION.code());
    }

    private static OffsetDeleteResponseData merge(
            OffsetDeleteResponseTopicCollection refused, OffsetDeleteResponseData response) {
        // An error of the group goes for all of it.
        if (response.errorCode() != Errors.NONE.code()) {
            return response;
        }
        for (var topic : response.topics()) {
            topic.partitions().forEach(partition -> add(refused, topic.name(), partition.duplicate()));
        }
        return response.setTopics(refused);
    }

    private static void add(
            OffsetDeleteResponseTopicCollection topics, String name, OffsetDeleteResponsePartition partition) {
        var topic = topics.find(name);
        if (topic == null) {
            topic = new OffsetDeleteResponseTopic().setName(name);
            topics.add(topic);
        }
        topic.partitions().add(partition);
    }

    private static void note(Request<OffsetDeleteRequestData> request, OffsetDeleteResponseData response) {
        var groupId = request.message().groupId();
        GroupAnswers.note(request, groupId, response.errorCode(), "");
        for (var topic : response.topics()) {
            for (var partition : topic.partitions()) {
                GroupAnswers.note(
                        request,
                        groupId,
                        partition.errorCode(),
                        () -> "%s-%d".formatted(topic.name(), partition.partitionIndex()));
            }
        }
    }
}
