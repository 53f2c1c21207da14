package io.vitrine.handler;

import io.vitrine.group.GroupTransactions;
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
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData.TxnOffsetCommitRequestPartition;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData.TxnOffsetCommitRequestTopic;
import org.apache.kafka.common.message.TxnOffsetCommitResponseData;
import org.apache.kafka.common.message.TxnOffsetCommitResponseData.TxnOffsetCommitResponsePartition;
import org.apache.kafka.common.message.TxnOffsetCommitResponseData.TxnOffsetCommitResponseTopic;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/// Keeps how far a group has read, as part of a transaction: it holds when the transaction commits. Each partition
/// answers for itself; the answer comes when it is on disk.
public final class TxnOffsetCommitHandler implements RequestHandler<TxnOffsetCommitRequestData> {
    private static final int FIRST_VERSION_WITH_LOADING = 2;
    private static final int FIRST_VERSION_WITH_TOPIC_IDS = 6;

    private final GroupTransactions groups;
    private final MetadataService metadata;

    public TxnOffsetCommitHandler(GroupTransactions groups, MetadataService metadata) {
        this.groups = groups;
        this.metadata = metadata;
    }

    @Override
    public ApiKeys apiKey() {
        return ApiKeys.TXN_OFFSET_COMMIT;
    }

    @Override
    public VersionRange versions() {
        return VersionRange.of(0, 6);
    }

    @Override
    public CompletionStage<Answer> handle(Request<TxnOffsetCommitRequestData> request) {
        var message = request.message();
        var known = new ArrayList<TxnOffsetCommitRequestTopic>();
        var refused = new ArrayList<TxnOffsetCommitResponseTopic>();
        message.topics().forEach(topic -> sort(request.version(), topic, known, refused));
        var asked = known.isEmpty()
                ? CompletableFuture.completedFuture(new TxnOffsetCommitResponseData())
                : groups.commitOffsets(
                        GroupAnswers.caller(request), message.duplicate().setTopics(known));
        return GroupAnswers.answer(
                request,
                asked.thenApply(response -> merge(refused, response)),
                error -> failed(message, error),
                response -> complete(request, response));
    }

    /// Parts what exists from what does not. What exists has both name and id from here on.
    private void sort(
            int version,
            TxnOffsetCommitRequestTopic topic,
            List<TxnOffsetCommitRequestTopic> known,
            List<TxnOffsetCommitResponseTopic> refused) {
        boolean byId = version >= FIRST_VERSION_WITH_TOPIC_IDS;
        var image = metadata.image();
        var found = byId ? image.findTopic(topic.topicId()) : image.findTopic(topic.name());
        found.ifPresent(some -> topic.setName(some.name()).setTopicId(some.id()));
        var there = new ArrayList<TxnOffsetCommitRequestPartition>();
        var missing = new ArrayList<TxnOffsetCommitRequestPartition>();
        topic.partitions().forEach(partition -> (has(found, partition) ? there : missing).add(partition));
        if (!there.isEmpty()) {
            known.add(new TxnOffsetCommitRequestTopic()
                    .setName(topic.name())
                    .setTopicId(topic.topicId())
                    .setPartitions(there));
        }
        if (!missing.isEmpty()) {
            var error = byId && found.isEmpty() ? Errors.UNKNOWN_TOPIC_ID : Errors.UNKNOWN_TOPIC_OR_PARTITION;
            refused.add(refuse(topic, missing, error));
        }
    }

    private static boolean has(Optional<Topic> topic, TxnOffsetCommitRequestPartition partition) {
        return topic.flatMap(found -> found.findPartition(partition.partitionIndex()))
                .isPresent();
    }

    private static TxnOffsetCommitResponseTopic refuse(
            TxnOffsetCommitRequestTopic topic, List<TxnOffsetCommitRequestPartition> partitions, Errors error) {
        return new TxnOffsetCommitResponseTopic()
                .setName(topic.name())
                .setTopicId(topic.topicId())
                .setPartitions(partitions.stream()
                        .map(partition -> new TxnOffsetCommitResponsePartition()
                                .setPartitionIndex(partition.partitionIndex())
                                .setErrorCode(error.code()))
                        .toList());
    }

    /// Each topic once: what was refused of it here, then what the coordinator says.
    private static TxnOffsetCommitResponseData merge(
            List<TxnOffsetCommitResponseTopic> refused, TxnOffsetCommitResponseData response) {
        var merged = new LinkedHashMap<Map.Entry<String, Uuid>, TxnOffsetCommitResponseTopic>();
        for (var part : List.of(refused, response.topics())) {
            for (var topic : part) {
                merged.computeIfAbsent(
                                Map.entry(topic.name(), topic.topicId()),
                                _ -> new TxnOffsetCommitResponseTopic()
                                        .setName(topic.name())
                                        .setTopicId(topic.topicId()))
                        .partitions()
                        .addAll(topic.partitions());
            }
        }
        return response.setTopics(List.copyOf(merged.values()));
    }

    private static TxnOffsetCommitResponseData failed(TxnOffsetCommitRequestData message, Errors error) {
        return new TxnOffsetCommitResponseData()
                .setTopics(message.topics().stream()
                        .map(topic -> refuse(topic, topic.partitions(), error))
                        .toList());
    }

    private static void complete(Request<TxnOffsetCommitRequestData> request, TxnOffsetCommitResponseData response) {
        for (var topic : response.topics()) {
            var name = topic.name().isEmpty() ? topic.topicId().toString() : topic.name();
            for (var partition : topic.partitions()) {
                // Older clients can't stand to hear that a group is loading.
                if (request.version() < FIRST_VERSION_WITH_LOADING
                        && partition.errorCode() == Errors.COORDINATOR_LOAD_IN_PROGRESS.code()) {
                    partition.setErrorCode(Errors.COORDINATOR_NOT_AVAILABLE.code());
                }
                GroupAnswers.note(
                        request,
                        request.message().groupId(),
                        partition.errorCode(),
                        () -> "%s-%d, for the transactional id '%s'"
                                .formatted(
                                        name,
                                        partition.partitionIndex(),
                                        request.message().transactionalId()));
            }
        }
    }
}
