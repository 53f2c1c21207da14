package io.vitrine.handler;

import io.vitrine.handler.TopicLookup.Found;
import io.vitrine.metadata.MetadataService;
import io.vitrine.partition.Partition;
import io.vitrine.partition.PartitionLogService;
import io.vitrine.protocol.Answer;
import io.vitrine.protocol.Request;
import io.vitrine.protocol.RequestHandler;
import io.vitrine.protocol.Subject;
import io.vitrine.protocol.VersionRange;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData.OffsetForLeaderPartition;
import org.apache.kafka.common.message.OffsetForLeaderEpochResponseData;
import org.apache.kafka.common.message.OffsetForLeaderEpochResponseData.EpochEndOffset;
import org.apache.kafka.common.message.OffsetForLeaderEpochResponseData.OffsetForLeaderTopicResult;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/// Says where the records of a leader epoch end, so that a client finds out whether what it has read is still what
/// the log holds. Who asks makes no difference: a replica id is not looked at, as in Apache Kafka.
public final class OffsetForLeaderEpochHandler implements RequestHandler<OffsetForLeaderEpochRequestData> {
    private final TopicLookup topics;

    public OffsetForLeaderEpochHandler(MetadataService metadata, PartitionLogService partitions) {
        this.topics = new TopicLookup(metadata, partitions);
    }

    @Override
    public ApiKeys apiKey() {
        return ApiKeys.OFFSET_FOR_LEADER_EPOCH;
    }

    @Override
    public VersionRange versions() {
        return VersionRange.of(2, 4);
    }

    @Override
    public CompletionStage<Answer> handle(Request<OffsetForLeaderEpochRequestData> request) {
        var response = new OffsetForLeaderEpochResponseData();
        for (var topic : request.message().topics()) {
            var result = new OffsetForLeaderTopicResult().setTopic(topic.topic());
            response.topics().add(result);
            for (var asked : topic.partitions()) {
                var end = new EpochEndOffset().setPartition(asked.partition());
                result.partitions().add(end);
                end.setErrorCode(find(request, topic.topic(), asked, end).code());
            }
        }
        return CompletableFuture.completedFuture(new Answer.Message(response));
    }

    private Errors find(
            Request<OffsetForLeaderEpochRequestData> request,
            String topic,
            OffsetForLeaderPartition asked,
            EpochEndOffset answer) {
        return switch (topics.find(topic, asked.partition())) {
            case Found.Missing(Errors error, String detail) -> refuse(request, topic, asked, error, detail);
            case Found.Hosted(Partition partition) -> {
                var error = TopicLookup.checkLeaderEpoch(asked.currentLeaderEpoch(), partition);
                if (error != Errors.NONE) {
                    var subject = Subject.partition(topic, asked.partition());
                    TopicLookup.noteEpoch(request, subject, error, asked.currentLeaderEpoch(), partition);
                    yield error;
                }
                var positions = partition.findPositions();
                if (positions.isEmpty()) {
                    var reason = partition.offlineReason().orElse("there is no log");
                    yield refuse(request, topic, asked, Errors.KAFKA_STORAGE_ERROR, reason);
                }
                var end = positions.get().endOfEpoch(asked.leaderEpoch());
                answer.setLeaderEpoch(end.epoch()).setEndOffset(end.endOffset());
                yield Errors.NONE;
            }
        };
    }

    private static Errors refuse(
            Request<OffsetForLeaderEpochRequestData> request,
            String topic,
            OffsetForLeaderPartition asked,
            Errors error,
            String detail) {
        request.noteRefusal(Subject.partition(topic, asked.partition()), error, error.name(), detail);
        return error;
    }
}
