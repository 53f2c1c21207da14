package io.vitrine.handler;

import io.vitrine.handler.TopicLookup.Found;
import io.vitrine.log.ProducerSnapshotEntry;
import io.vitrine.metadata.MetadataService;
import io.vitrine.metadata.Topic;
import io.vitrine.metadata.TopicPartition;
import io.vitrine.partition.PartitionLogService;
import io.vitrine.protocol.Answer;
import io.vitrine.protocol.Request;
import io.vitrine.protocol.RequestHandler;
import io.vitrine.protocol.Subject;
import io.vitrine.protocol.VersionRange;
import java.util.HashSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.DescribeProducersRequestData;
import org.apache.kafka.common.message.DescribeProducersResponseData;
import org.apache.kafka.common.message.DescribeProducersResponseData.PartitionResponse;
import org.apache.kafka.common.message.DescribeProducersResponseData.ProducerState;
import org.apache.kafka.common.message.DescribeProducersResponseData.TopicResponse;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/// Tells what is known of the producers that have written to partitions, their open transactions among it.
public final class DescribeProducersHandler implements RequestHandler<DescribeProducersRequestData> {
    private final MetadataService metadata;
    private final TopicLookup topics;

    public DescribeProducersHandler(MetadataService metadata, PartitionLogService partitions) {
        this.metadata = metadata;
        this.topics = new TopicLookup(metadata, partitions);
    }

    @Override
    public ApiKeys apiKey() {
        return ApiKeys.DESCRIBE_PRODUCERS;
    }

    @Override
    public VersionRange versions() {
        return VersionRange.of(0, 0);
    }

    @Override
    public CompletionStage<Answer> handle(Request<DescribeProducersRequestData> request) {
        var response = new DescribeProducersResponseData();
        var seen = new HashSet<TopicPartition>();
        for (var topic : request.message().topics()) {
            var answered = new TopicResponse().setName(topic.name());
            response.topics().add(answered);
            for (int index : topic.partitionIndexes()) {
                // A partition has many producers: named again and again, they would fill the memory.
                boolean again = index >= 0 && !seen.add(new TopicPartition(topic.name(), index));
                answered.partitions()
                        .add(
                                again
                                        ? refuse(request, topic.name(), index, Errors.INVALID_REQUEST, "named twice")
                                                .setErrorMessage("The request names this partition twice.")
                                        : describe(request, topic.name(), index));
            }
        }
        return CompletableFuture.completedFuture(new Answer.Message(response));
    }

    private PartitionResponse describe(Request<DescribeProducersRequestData> request, String topic, int index) {
        var fault = Topic.findFaultOf(topic);
        if (fault.isPresent()) {
            return refuse(request, topic, index, Errors.INVALID_TOPIC_EXCEPTION, fault.get())
                    .setErrorMessage(fault.get());
        }
        if (index < 0) {
            return refuse(request, topic, index, Errors.UNKNOWN_TOPIC_OR_PARTITION, "partitions count from 0");
        }
        return switch (topics.find(topic, index)) {
            case Found.Missing(Errors error, String detail) ->
                refuse(request, topic, index, error, detail)
                        .setErrorMessage(metadata.image().findTopic(topic).isPresent() ? null : error.message());
            case Found.Hosted(var partition) -> {
                var response = new PartitionResponse().setPartitionIndex(index);
                partition
                        .transactions()
                        .producers()
                        .forEach(producer -> response.activeProducers().add(describe(producer)));
                yield response;
            }
        };
    }

    private static ProducerState describe(ProducerSnapshotEntry producer) {
        return new ProducerState()
                .setProducerId(producer.producerId())
                .setProducerEpoch(producer.epoch())
                .setLastSequence(producer.lastSequence())
                .setLastTimestamp(producer.timestamp())
                .setCoordinatorEpoch(producer.coordinatorEpoch())
                .setCurrentTxnStartOffset(producer.currentTxnFirstOffset());
    }

    private static PartitionResponse refuse(
            Request<DescribeProducersRequestData> request, String topic, int index, Errors error, String detail) {
        request.noteRefusal(Subject.partition(topic, index), error, error.name(), detail);
        return new PartitionResponse().setPartitionIndex(index).setErrorCode(error.code());
    }
}
