package io.vitrine.handler;

import io.vitrine.group.GroupCalls;
import io.vitrine.metadata.MetadataService;
import io.vitrine.metadata.Topic;
import io.vitrine.protocol.Answer;
import io.vitrine.protocol.Request;
import io.vitrine.protocol.RequestHandler;
import io.vitrine.protocol.VersionRange;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopics;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseGroup;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseTopics;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/// Tells how far groups have read: until version 7 one group, then any number of them; all of their partitions, or
/// those that are named.
public final class OffsetFetchHandler implements RequestHandler<OffsetFetchRequestData> {
    private static final short FIRST_VERSION_WITH_GROUPS = 8;
    private static final short FIRST_VERSION_WITH_TOPIC_IDS = 10;

    private final GroupCalls groups;
    private final MetadataService metadata;

    public OffsetFetchHandler(GroupCalls groups, MetadataService metadata) {
        this.groups = groups;
        this.metadata = metadata;
    }

    @Override
    public ApiKeys apiKey() {
        return ApiKeys.OFFSET_FETCH;
    }

    @Override
    public VersionRange versions() {
        return VersionRange.of(1, 10);
    }

    @Override
    public CompletionStage<Answer> handle(Request<OffsetFetchRequestData> request) {
        var asked = askedFor(request);
        var repeated = new RepeatedGroups();
        var found = asked.stream()
                .map(group -> repeated.isTooMuch(group.groupId()) ? refused(group) : fetch(request, group))
                .toList();
        return CompletableFuture.allOf(found.toArray(CompletableFuture[]::new)).thenApply(_ -> {
            var answers = found.stream().map(CompletableFuture::join).toList();
            answers.forEach(group -> note(request, group));
            return new Answer.Message(
                    request.version() < FIRST_VERSION_WITH_GROUPS
                            ? OffsetFetchAnswers.single(request.version(), asked.getFirst(), answers.getFirst())
                            : OffsetFetchAnswers.several(answers));
        });
    }

    private static CompletableFuture<OffsetFetchResponseGroup> refused(OffsetFetchRequestGroup group) {
        return CompletableFuture.completedFuture(
                new OffsetFetchResponseGroup().setGroupId(group.groupId()).setErrorCode(Errors.INVALID_REQUEST.code()));
    }

    private static List<OffsetFetchRequestGroup> askedFor(Request<OffsetFetchRequestData> request) {
        var message = request.message();
        if (request.version() >= FIRST_VERSION_WITH_GROUPS) {
            return message.groups();
        }
        var group = new OffsetFetchRequestGroup().setGroupId(message.groupId()).setTopics(null);
        if (message.topics() != null) {
            group.setTopics(message.topics().stream()
                    .map(topic -> new OffsetFetchRequestTopics()
                            .setName(topic.name())
                            .setPartitionIndexes(topic.partitionIndexes()))
                    .toList());
        }
        return List.of(group);
    }

    private CompletableFuture<OffsetFetchResponseGroup> fetch(
            Request<OffsetFetchRequestData> request, OffsetFetchRequestGroup group) {
        var refused = new ArrayList<OffsetFetchResponseTopics>();
        var named = request.version() >= FIRST_VERSION_WITH_TOPIC_IDS && group.topics() != null
                ? group.duplicate().setTopics(named(group.topics(), refused))
                : group;
        return groups.fetchOffsets(
                        GroupAnswers.caller(request), named, request.message().requireStable())
                .handle((response, thrown) -> thrown != null
                        ? new OffsetFetchResponseGroup()
                                .setGroupId(group.groupId())
                                .setErrorCode(
                                        GroupAnswers.errorOf(request, thrown).code())
                        : complete(request.version(), response, refused));
    }

    /// The topics with the names of their ids. What has no name is refused.
    private List<OffsetFetchRequestTopics> named(
            List<OffsetFetchRequestTopics> topics, List<OffsetFetchResponseTopics> refused) {
        var known = new ArrayList<OffsetFetchRequestTopics>();
        for (var topic : topics) {
            metadata.image()
                    .findTopic(topic.topicId())
                    .ifPresentOrElse(
                            found -> known.add(topic.duplicate().setName(found.name())),
                            () -> refused.add(OffsetFetchAnswers.refused(topic, Errors.UNKNOWN_TOPIC_ID)));
        }
        return known;
    }

    private OffsetFetchResponseGroup complete(
            short version, OffsetFetchResponseGroup response, List<OffsetFetchResponseTopics> refused) {
        if (version < FIRST_VERSION_WITH_TOPIC_IDS || response.errorCode() != Errors.NONE.code()) {
            return response;
        }
        var topics = new ArrayList<OffsetFetchResponseTopics>();
        for (var topic : response.topics()) {
            var id = topic.topicId().equals(Uuid.ZERO_UUID)
                    ? metadata.image().findTopic(topic.name()).map(Topic::id).orElse(Uuid.ZERO_UUID)
                    : topic.topicId();
            // A topic that is gone has no id to speak of it by.
            if (!id.equals(Uuid.ZERO_UUID)) {
                topics.add(topic.setTopicId(id));
            }
        }
        topics.addAll(refused);
        return response.setTopics(topics);
    }

    private static void note(Request<?> request, OffsetFetchResponseGroup group) {
        GroupAnswers.note(request, group.groupId(), group.errorCode(), "");
        for (var topic : group.topics()) {
            for (var partition : topic.partitions()) {
                GroupAnswers.note(
                        request,
                        group.groupId(),
                        partition.errorCode(),
                        () -> "%s-%d".formatted(topic.name(), partition.partitionIndex()));
            }
        }
    }
}
