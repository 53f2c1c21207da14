package io.vitrine.handler;

import io.vitrine.group.GroupCalls;
import io.vitrine.metadata.MetadataService;
import io.vitrine.metadata.Topic;
import io.vitrine.protocol.Answer;
import io.vitrine.protocol.Request;
import io.vitrine.protocol.RequestHandler;
import io.vitrine.protocol.VersionRange;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.message.OffsetCommitResponseData.OffsetCommitResponsePartition;
import org.apache.kafka.common.message.OffsetCommitResponseData.OffsetCommitResponseTopic;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/// Keeps how far a group has read. Each partition answers for itself; those that do not exist are not kept. The
/// answer comes when what was committed is on disk.
public final class OffsetCommitHandler implements RequestHandler<OffsetCommitRequestData> {
    private static final short FIRST_VERSION_WITH_TOPIC_IDS = 10;

    private final GroupCalls groups;
    private final MetadataService metadata;

    public OffsetCommitHandler(GroupCalls groups, MetadataService metadata) {
        this.groups = groups;
        this.metadata = metadata;
    }

    @Override
    public ApiKeys apiKey() {
        return ApiKeys.OFFSET_COMMIT;
    }

    @Override
    public VersionRange versions() {
        return VersionRange.of(2, 10);
    }

    @Override
    public CompletionStage<Answer> handle(Request<OffsetCommitRequestData> request) {
        var message = request.message();
        var known = new ArrayList<OffsetCommitRequestTopic>();
        var refused = new ArrayList<OffsetCommitResponseTopic>();
        for (var topic : message.topics()) {
            sort(request.version(), topic, known, refused);
        }
        var asked = known.isEmpty()
                ? CompletableFuture.completedFuture(new OffsetCommitResponseData())
                : groups.commitOffsets(
                        GroupAnswers.caller(request), message.duplicate().setTopics(known));
        return GroupAnswers.answer(
                request,
                asked.thenApply(response -> merge(refused, response)),
                error -> failed(message, error),
                response -> note(request, response));
    }

    /// Parts what exists from what does not. What exists has both name and id from here on.
    private void sort(
            short version,
            OffsetCommitRequestTopic topic,
            List<OffsetCommitRequestTopic> known,
            List<OffsetCommitResponseTopic> refused) {
        var found = find(version, topic);
        found.ifPresent(some -> topic.setName(some.name()).setTopicId(some.id()));
        var exists = topic.partitions().stream()
                .collect(Collectors.partitioningBy(
                        partition -> found.flatMap(some -> some.findPartition(partition.partitionIndex()))
                                .isPresent()));
        var there = exists.getOrDefault(true, List.of());
        var missing = exists.getOrDefault(false, List.of());
        if (!there.isEmpty()) {
            known.add(new OffsetCommitRequestTopic()
                    .setName(topic.name())
                    .setTopicId(topic.topicId())
                    .setPartitions(there));
        }
        if (!missing.isEmpty()) {
            boolean idIsUnknown = version >= FIRST_VERSION_WITH_TOPIC_IDS && found.isEmpty();
            refused.add(
                    refuse(topic, missing, idIsUnknown ? Errors.UNKNOWN_TOPIC_ID : Errors.UNKNOWN_TOPIC_OR_PARTITION));
        }
    }

    private Optional<Topic> find(short version, OffsetCommitRequestTopic topic) {
        return version >= FIRST_VERSION_WITH_TOPIC_IDS
                ? metadata.image().findTopic(topic.topicId())
                : metadata.image().findTopic(topic.name());
    }

    private static OffsetCommitResponseTopic refuse(
            OffsetCommitRequestTopic topic, List<OffsetCommitRequestPartition> partitions, Errors error) {
        return new OffsetCommitResponseTopic()
                .setName(topic.name())
                .setTopicId(topic.topicId())
                .setPartitions(partitions.stream()
                        .map(partition -> new OffsetCommitResponsePartition()
                                .setPartitionIndex(partition.partitionIndex())
                                .setErrorCode(error.code()))
                        .toList());
    }

    /// Each topic once: what was refused of it here, then what the coordinator says.
    private static OffsetCommitResponseData merge(
            List<OffsetCommitResponseTopic> refused, OffsetCommitResponseData response) {
        var merged = new LinkedHashMap<Map.Entry<String, Uuid>, OffsetCommitResponseTopic>();
        for (var part : List.of(refused, response.topics())) {
            for (var topic : part) {
                merged.computeIfAbsent(
                                Map.entry(topic.name(), topic.topicId()),
                                _ -> new OffsetCommitResponseTopic()
                                        .setName(topic.name())
                                        .setTopicId(topic.topicId()))
                        .partitions()
                        .addAll(topic.partitions());
            }
        }
        return response.setTopics(List.copyOf(merged.values()));
    }

    private static OffsetCommitResponseData failed(OffsetCommitRequestData message, Errors error) {
        return new OffsetCommitResponseData()
                .setTopics(message.topics().stream()
                        .map(topic -> refuse(topic, topic.partitions(), error))
                        .toList());
    }

    private static void note(Request<OffsetCommitRequestData> request, OffsetCommitResponseData response) {
        for (var topic : response.topics()) {
            var name = topic.name().isEmpty() ? topic.topicId().toString() : topic.name();
            for (var partition : topic.partitions()) {
                GroupAnswers.note(
                        request,
                        request.message().groupId(),
                        partition.errorCode(),
                        () -> "%s-%d".formatted(name, partition.partitionIndex()));
            }
        }
    }
}
