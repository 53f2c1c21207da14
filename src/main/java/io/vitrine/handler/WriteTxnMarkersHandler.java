package io.vitrine.handler;

import io.vitrine.metadata.TopicPartition;
import io.vitrine.partition.TransactionMarker;
import io.vitrine.protocol.Answer;
import io.vitrine.protocol.Request;
import io.vitrine.protocol.RequestHandler;
import io.vitrine.protocol.Subject;
import io.vitrine.protocol.VersionRange;
import io.vitrine.transaction.MarkerWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.message.WriteTxnMarkersRequestData;
import org.apache.kafka.common.message.WriteTxnMarkersRequestData.WritableTxnMarker;
import org.apache.kafka.common.message.WriteTxnMarkersResponseData;
import org.apache.kafka.common.message.WriteTxnMarkersResponseData.WritableTxnMarkerPartitionResult;
import org.apache.kafka.common.message.WriteTxnMarkersResponseData.WritableTxnMarkerResult;
import org.apache.kafka.common.message.WriteTxnMarkersResponseData.WritableTxnMarkerTopicResult;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/// Ends transactions in partitions, past their coordinator: how an administrator ends one that hangs. Each partition
/// answers for itself, when its marker is on disk.
public final class WriteTxnMarkersHandler implements RequestHandler<WriteTxnMarkersRequestData> {
    private final MarkerWriter markers;

    public WriteTxnMarkersHandler(MarkerWriter markers) {
        this.markers = markers;
    }

    @Override
    public ApiKeys apiKey() {
        return ApiKeys.WRITE_TXN_MARKERS;
    }

    @Override
    public VersionRange versions() {
        return VersionRange.of(1, 2);
    }

    @Override
    public CompletionStage<Answer> handle(Request<WriteTxnMarkersRequestData> request) {
        var answers = request.message().markers().stream()
                .map(marker -> answer(request, marker))
                .toList();
        return all(answers)
                .thenApply(results -> new Answer.Message(new WriteTxnMarkersResponseData().setMarkers(results)));
    }

    private CompletableFuture<WritableTxnMarkerResult> answer(Request<?> request, WritableTxnMarker message) {
        var marker = new TransactionMarker(
                message.producerId(),
                message.producerEpoch(),
                message.coordinatorEpoch(),
                message.transactionResult(),
                message.transactionVersion());
        var topics = new ArrayList<CompletableFuture<WritableTxnMarkerTopicResult>>();
        partitionsOf(message).forEach((topic, indexes) -> {
            var partitions = indexes.stream()
                    .map(index -> answer(request, topic, index, marker))
                    .toList();
            topics.add(all(partitions)
                    .thenApply(results ->
                            new WritableTxnMarkerTopicResult().setName(topic).setPartitions(results)));
        });
        return all(topics)
                .thenApply(results -> new WritableTxnMarkerResult()
                        .setProducerId(message.producerId())
                        .setTopics(results));
    }

    /// Each once, however often it is named: a second marker would end the producer's next transaction.
    private static Map<String, Set<Integer>> partitionsOf(WritableTxnMarker message) {
        var partitions = new LinkedHashMap<String, Set<Integer>>();
        for (var topic : message.topics()) {
            partitions.computeIfAbsent(topic.name(), _ -> new LinkedHashSet<>()).addAll(topic.partitionIndexes());
        }
        return partitions;
    }

    private CompletableFuture<WritableTxnMarkerPartitionResult> answer(
            Request<?> request, String topic, int index, TransactionMarker marker) {
        return write(topic, index, marker)
                .handle((_, thrown) -> new WritableTxnMarkerPartitionResult()
                        .setPartitionIndex(index)
                        .setErrorCode((thrown == null
                                        ? Errors.NONE
                                        : TransactionAnswers.refuse(request, Subject.partition(topic, index), thrown))
                                .code()));
    }

    private CompletableFuture<Void> write(String topic, int index, TransactionMarker marker) {
        if (index < 0) {
            return CompletableFuture.failedFuture(new UnknownTopicOrPartitionException("partitions count from 0"));
        }
        if (marker.producerId() < 0 || marker.producerEpoch() < 0) {
            return CompletableFuture.failedFuture(
                    new InvalidRequestException("expected a producer with an epoch, found %d/%d"
                            .formatted(marker.producerId(), marker.producerEpoch())));
        }
        return markers.write(new TopicPartition(topic, index), marker);
    }

    private static <T> CompletableFuture<List<T>> all(List<CompletableFuture<T>> parts) {
        return CompletableFuture.allOf(parts.toArray(CompletableFuture[]::new))
                .thenApply(_ -> parts.stream().map(CompletableFuture::join).toList());
    }
}
