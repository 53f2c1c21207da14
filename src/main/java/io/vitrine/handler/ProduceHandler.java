package io.vitrine.handler;

import io.vitrine.handler.TopicLookup.Found;
import io.vitrine.log.Offsets;
import io.vitrine.metadata.MetadataService;
import io.vitrine.metadata.Topic;
import io.vitrine.partition.AppendOutcome;
import io.vitrine.partition.Durability;
import io.vitrine.partition.Partition;
import io.vitrine.partition.PartitionLogService;
import io.vitrine.protocol.Answer;
import io.vitrine.protocol.ProduceCounters;
import io.vitrine.protocol.Request;
import io.vitrine.protocol.RequestHandler;
import io.vitrine.protocol.VersionRange;
import io.vitrine.record.Refusal;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.message.ProduceResponseData.BatchIndexAndErrorMessage;
import org.apache.kafka.common.message.ProduceResponseData.PartitionProduceResponse;
import org.apache.kafka.common.message.ProduceResponseData.TopicProduceResponse;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.jspecify.annotations.Nullable;

/// Appends the batches of a Produce request to the partitions they name. Every partition answers for itself: one that
/// can't take its batch never fails its neighbours.
public final class ProduceHandler implements RequestHandler<ProduceRequestData> {
    private static final short ACKS_ALL = -1;
    private static final short ACKS_NONE = 0;
    private static final short ACKS_LEADER = 1;
    private static final short FIRST_VERSION_WITH_ZSTD = 7;
    private static final short FIRST_VERSION_WITH_IDS = 13;
    private static final long UNKNOWN = -1;

    private final TopicLookup topics;
    private final PartitionLogService partitions;
    private final ProduceCounters counters;

    /// A partition as a request names it: by the topic's name, or in newer versions by its id.
    private record Named(String topic, Uuid id, int partition) {}

    public ProduceHandler(MetadataService metadata, PartitionLogService partitions, ProduceCounters counters) {
        this.topics = new TopicLookup(metadata, partitions);
        this.partitions = partitions;
        this.counters = counters;
    }

    @Override
    public ApiKeys apiKey() {
        return ApiKeys.PRODUCE;
    }

    @Override
    public VersionRange versions() {
        return VersionRange.of(0, 13);
    }

    @Override
    public short lowestServedVersion() {
        return 3;
    }

    @Override
    public CompletionStage<Answer> handle(Request<ProduceRequestData> request) {
        counters.count(request.message().acks());
        var response = new ProduceResponseData();
        var pending = new ArrayList<CompletableFuture<Void>>();
        var seen = new HashSet<Named>();
        for (var topic : request.message().topicData()) {
            var topicResponse = new TopicProduceResponse().setName(topic.name()).setTopicId(topic.topicId());
            response.responses().add(topicResponse);
            for (var data : topic.partitionData()) {
                var partitionResponse = new PartitionProduceResponse().setIndex(data.index());
                topicResponse.partitionResponses().add(partitionResponse);
                // One batch for each partition is what a client sends; more would only multiply the work of checking.
                pending.add(
                        seen.add(new Named(topic.name(), topic.topicId(), data.index()))
                                ? append(request, topic, data, partitionResponse)
                                : refuse(
                                        request,
                                        partitionResponse,
                                        subjectOf(topic, data.index()),
                                        Errors.INVALID_REQUEST,
                                        "the request names this partition twice"));
            }
        }
        return allOf(pending).thenApply(_ -> answer(request.message().acks(), response));
    }

    private CompletableFuture<Void> append(
            Request<ProduceRequestData> request,
            TopicProduceData topic,
            PartitionProduceData data,
            PartitionProduceResponse response) {
        short acks = request.message().acks();
        return switch (find(request.version(), topic, data.index())) {
            case Found.Missing(Errors error, String detail) ->
                refuse(request, response, subjectOf(topic, data.index()), error, detail);
            case Found.Hosted(Partition partition)
            when Topic.isInternal(partition.name().topic()) ->
                refuse(
                        request,
                        response,
                        subjectOf(topic, data.index()),
                        Errors.INVALID_TOPIC_EXCEPTION,
                        "clients may not write to this internal topic");
            case Found.Hosted(Partition _)
            when acks != ACKS_ALL && acks != ACKS_NONE && acks != ACKS_LEADER ->
                refuse(
                        request,
                        response,
                        subjectOf(topic, data.index()),
                        Errors.INVALID_REQUIRED_ACKS,
                        "acks is " + acks);
            case Found.Hosted(Partition partition) ->
                partition
                        .append(bytesOf(data), durability(acks), request.version() >= FIRST_VERSION_WITH_ZSTD)
                        .thenAccept(outcome -> fill(request, response, partition, outcome));
        };
    }

    private Found find(short version, TopicProduceData topic, int partition) {
        return version >= FIRST_VERSION_WITH_IDS
                ? topics.find(topic.topicId(), partition)
                : topics.find(topic.name(), partition);
    }

    private Durability durability(short acks) {
        return acks == ACKS_ALL ? partitions.durabilityOfAcksAll() : Durability.PAGE_CACHE;
    }

    private static void fill(
            Request<ProduceRequestData> request,
            PartitionProduceResponse response,
            Partition partition,
            AppendOutcome outcome) {
        switch (outcome) {
            case AppendOutcome.Appended(long baseOffset, long logAppendTimeMs, long logStartOffset) ->
                response.setBaseOffset(baseOffset)
                        .setLogAppendTimeMs(logAppendTimeMs)
                        .setLogStartOffset(logStartOffset);
            // A retry succeeds with the offset of the first attempt, so the producer never sees an error.
            case AppendOutcome.Duplicate(long baseOffset, long logAppendTimeMs, long logStartOffset) ->
                response.setBaseOffset(baseOffset)
                        .setLogAppendTimeMs(logAppendTimeMs)
                        .setLogStartOffset(logStartOffset);
            case AppendOutcome.Refused(Refusal refusal) -> fill(request, response, partition, refusal);
            case AppendOutcome.StorageFailed(String reason) -> {
                fail(response, Errors.KAFKA_STORAGE_ERROR, reason);
                request.noteRefusal(partition.name().toString(), Errors.KAFKA_STORAGE_ERROR, "STORAGE", reason);
            }
            case AppendOutcome.Deleted() -> {
                var error = request.version() >= FIRST_VERSION_WITH_IDS
                        ? Errors.UNKNOWN_TOPIC_ID
                        : Errors.UNKNOWN_TOPIC_OR_PARTITION;
                fail(response, error, "The topic was deleted.");
                request.noteRefusal(partition.name().toString(), error, "TOPIC_DELETED", "the topic was deleted");
            }
        }
    }

    private static void fill(
            Request<ProduceRequestData> request,
            PartitionProduceResponse response,
            Partition partition,
            Refusal refusal) {
        var error = errorFor(refusal.reason());
        fail(response, error, refusal.message());
        if (tellsLogStart(error, refusal.reason())) {
            response.setLogStartOffset(
                    partition.findOffsets().map(Offsets::logStartOffset).orElse(UNKNOWN));
        }
        if (refusal.recordIndex() != Refusal.WHOLE_BATCH) {
            response.recordErrors()
                    .add(new BatchIndexAndErrorMessage()
                            .setBatchIndex(refusal.recordIndex())
                            .setBatchIndexErrorMessage(refusal.message()));
        }
        request.noteRefusal(partition.name().toString(), error, refusal.reason().name(), refusal.message());
    }

    /// Kafka tells where the log starts if it was the log that refused the batch, and not what looks at it before.
    private static boolean tellsLogStart(Errors error, Refusal.Reason reason) {
        return switch (reason) {
            case NULL_RECORDS, NO_BATCH, SEVERAL_BATCHES, MAGIC -> false;
            default ->
                error == Errors.INVALID_RECORD
                        || error == Errors.INVALID_TIMESTAMP
                        || error == Errors.OUT_OF_ORDER_SEQUENCE_NUMBER
                        || error == Errors.INVALID_PRODUCER_EPOCH;
        };
    }

    private static CompletableFuture<Void> refuse(
            Request<ProduceRequestData> request,
            PartitionProduceResponse response,
            String subject,
            Errors error,
            String detail) {
        fail(response, error, detail);
        request.noteRefusal(subject, error, error.name(), detail);
        return CompletableFuture.completedFuture(null);
    }

    private static void fail(PartitionProduceResponse response, Errors error, String message) {
        response.setErrorCode(error.code())
                .setBaseOffset(UNKNOWN)
                .setLogAppendTimeMs(UNKNOWN)
                .setLogStartOffset(UNKNOWN)
                .setErrorMessage(message);
    }

    /// A client that wants no answer learns of a refusal by losing its connection, as from Apache Kafka.
    private static Answer answer(short acks, ProduceResponseData response) {
        if (acks != ACKS_NONE) {
            return new Answer.Message(response);
        }
        return response.responses().stream()
                .flatMap(topic -> topic.partitionResponses().stream())
                .filter(partition -> partition.errorCode() != Errors.NONE.code())
                .findFirst()
                .<Answer>map(refused -> new Answer.Close("Produce with acks=0 was refused with %s: %s"
                        .formatted(Errors.forCode(refused.errorCode()), refused.errorMessage())))
                .orElseGet(Answer.None::new);
    }

    private static Errors errorFor(Refusal.Reason reason) {
        return switch (reason) {
            case CRC, BATCH_LENGTH -> Errors.CORRUPT_MESSAGE;
            case TOO_LARGE -> Errors.MESSAGE_TOO_LARGE;
            case TIMESTAMP -> Errors.INVALID_TIMESTAMP;
            case CODEC -> Errors.UNSUPPORTED_COMPRESSION_TYPE;
            case TRANSACTIONAL -> Errors.INVALID_TXN_STATE;
            case OUT_OF_ORDER_SEQUENCE -> Errors.OUT_OF_ORDER_SEQUENCE_NUMBER;
            case OLD_PRODUCER_EPOCH -> Errors.INVALID_PRODUCER_EPOCH;
            case NULL_RECORDS,
                    NO_BATCH,
                    SEVERAL_BATCHES,
                    MAGIC,
                    BASE_OFFSET,
                    CONTROL_BATCH,
                    RECORD_COUNT,
                    SEQUENCE,
                    MALFORMED_RECORD,
                    MISSING_KEY -> Errors.INVALID_RECORD;
        };
    }

    private static @Nullable ByteBuffer bytesOf(PartitionProduceData data) {
        return data.records() instanceof MemoryRecords records
                ? records.buffer().slice()
                : null;
    }

    private static String subjectOf(TopicProduceData topic, int partition) {
        return "%s-%d".formatted(topic.name().isEmpty() ? topic.topicId() : topic.name(), partition);
    }

    private static CompletableFuture<Void> allOf(List<CompletableFuture<Void>> pending) {
        return pending.size() == 1
                ? pending.getFirst()
                : CompletableFuture.allOf(pending.toArray(CompletableFuture[]::new));
    }
}
