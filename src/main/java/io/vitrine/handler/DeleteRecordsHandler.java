package io.vitrine.handler;

import io.vitrine.handler.TopicLookup.Found;
import io.vitrine.log.Offsets;
import io.vitrine.metadata.MetadataService;
import io.vitrine.metadata.Topic;
import io.vitrine.partition.DeleteRecordsOutcome;
import io.vitrine.partition.Partition;
import io.vitrine.partition.PartitionLogService;
import io.vitrine.partition.RecordDeletion;
import io.vitrine.protocol.Answer;
import io.vitrine.protocol.Request;
import io.vitrine.protocol.RequestHandler;
import io.vitrine.protocol.Subject;
import io.vitrine.protocol.VersionRange;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.apache.kafka.common.message.DeleteRecordsRequestData;
import org.apache.kafka.common.message.DeleteRecordsResponseData;
import org.apache.kafka.common.message.DeleteRecordsResponseData.DeleteRecordsPartitionResult;
import org.apache.kafka.common.message.DeleteRecordsResponseData.DeleteRecordsTopicResult;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/// Deletes the records of partitions before an offset. When it answers, they will not come back, even after a loss of
/// power. `timeout_ms` is for replicas, of which there are no others.
public final class DeleteRecordsHandler implements RequestHandler<DeleteRecordsRequestData> {
    private static final long UNKNOWN = -1;

    /// A partition as the request names it, which need not be possible.
    private record Asked(String topic, int partition) {
        @Override
        public String toString() {
            return topic + "-" + partition;
        }
    }

    private final TopicLookup topics;
    private final RecordDeletion deletion;
    private final Executor mayBlock;

    /// @param mayBlock runs what forces logs and writes log starts down
    public DeleteRecordsHandler(MetadataService metadata, PartitionLogService partitions, Executor mayBlock) {
        this.topics = new TopicLookup(metadata, partitions);
        this.deletion = partitions.recordDeletion();
        this.mayBlock = mayBlock;
    }

    @Override
    public ApiKeys apiKey() {
        return ApiKeys.DELETE_RECORDS;
    }

    @Override
    public VersionRange versions() {
        return VersionRange.of(0, 2);
    }

    @Override
    public CompletionStage<Answer> handle(Request<DeleteRecordsRequestData> request) {
        return CompletableFuture.supplyAsync(() -> delete(request), mayBlock);
    }

    private Answer delete(Request<DeleteRecordsRequestData> request) {
        var results = new LinkedHashMap<Asked, DeleteRecordsPartitionResult>();
        var hosted = new ArrayList<Asked>();
        var wishes = new ArrayList<RecordDeletion.Wish>();
        for (var asked : askedOffsets(request).entrySet()) {
            var name = asked.getKey();
            switch (find(name)) {
                case Found.Hosted(Partition partition) -> {
                    hosted.add(name);
                    wishes.add(new RecordDeletion.Wish(partition, asked.getValue()));
                }
                case Found.Missing(Errors error, String detail) -> {
                    results.put(name, result(name, UNKNOWN, error));
                    request.noteRefusal(Subject.partition(name.topic(), name.partition()), error, error.name(), detail);
                }
            }
        }
        var outcomes = deletion.delete(wishes);
        for (int i = 0; i < wishes.size(); i++) {
            results.put(hosted.get(i), result(request, hosted.get(i), outcomes.get(i)));
        }
        return new Answer.Message(response(results));
    }

    /// Where a partition is named twice, the last offset holds, as in Kafka.
    private static Map<Asked, Long> askedOffsets(Request<DeleteRecordsRequestData> request) {
        var asked = new LinkedHashMap<Asked, Long>();
        for (var topic : request.message().topics()) {
            for (var partition : topic.partitions()) {
                asked.put(new Asked(topic.name(), partition.partitionIndex()), partition.offset());
            }
        }
        return asked;
    }

    private Found find(Asked name) {
        var found = topics.find(name.topic(), name.partition());
        return found instanceof Found.Hosted && Topic.isInternal(name.topic())
                ? new Found.Missing(
                        Errors.INVALID_TOPIC_EXCEPTION,
                        "records of the internal topic %s can't be deleted".formatted(name.topic()))
                : found;
    }

    private static DeleteRecordsPartitionResult result(
            Request<DeleteRecordsRequestData> request, Asked name, DeleteRecordsOutcome outcome) {
        return switch (outcome) {
            case DeleteRecordsOutcome.Deleted(long logStartOffset) -> result(name, logStartOffset, Errors.NONE);
            case DeleteRecordsOutcome.OutOfRange(long offset, Offsets offsets) -> {
                var detail = "offset %d is not within 0..%d".formatted(offset, offsets.highWatermark());
                var error = Errors.OFFSET_OUT_OF_RANGE;
                var subject = Subject.partition(name.topic(), name.partition());
                request.noteRefusal(subject, error, error.name(), detail, TopicLookup.rangeFacts(offset, offsets));
                yield result(name, UNKNOWN, error);
            }
            case DeleteRecordsOutcome.NotAllowed() ->
                refused(request, name, Errors.POLICY_VIOLATION, "cleanup.policy is compact alone");
            case DeleteRecordsOutcome.StorageFailed(String reason) ->
                refused(request, name, Errors.KAFKA_STORAGE_ERROR, reason);
            case DeleteRecordsOutcome.TopicDeleted() ->
                refused(request, name, Errors.UNKNOWN_TOPIC_OR_PARTITION, "the topic was deleted");
        };
    }

    private static DeleteRecordsPartitionResult refused(
            Request<DeleteRecordsRequestData> request, Asked name, Errors error, String detail) {
        request.noteRefusal(Subject.partition(name.topic(), name.partition()), error, error.name(), detail);
        return result(name, UNKNOWN, error);
    }

    private static DeleteRecordsPartitionResult result(Asked name, long lowWatermark, Errors error) {
        return new DeleteRecordsPartitionResult()
                .setPartitionIndex(name.partition())
                .setLowWatermark(lowWatermark)
                .setErrorCode(error.code());
    }

    private static DeleteRecordsResponseData response(Map<Asked, DeleteRecordsPartitionResult> results) {
        var topics = new LinkedHashMap<String, DeleteRecordsTopicResult>();
        results.forEach((name, result) -> topics.computeIfAbsent(
                        name.topic(), topic -> new DeleteRecordsTopicResult().setName(topic))
                .partitions()
                .add(result));
        var response = new DeleteRecordsResponseData();
        topics.values().forEach(response.topics()::add);
        return response;
    }
}
