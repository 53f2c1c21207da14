package io.vitrine.handler;

import io.vitrine.handler.TopicLookup.Found;
import io.vitrine.log.LogPositions;
import io.vitrine.log.TimestampSearch;
import io.vitrine.metadata.MetadataService;
import io.vitrine.metadata.TopicPartition;
import io.vitrine.partition.Isolation;
import io.vitrine.partition.Partition;
import io.vitrine.partition.PartitionLogService;
import io.vitrine.protocol.Answer;
import io.vitrine.protocol.Request;
import io.vitrine.protocol.RequestHandler;
import io.vitrine.protocol.Subject;
import io.vitrine.protocol.VersionRange;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.apache.kafka.common.message.ListOffsetsRequestData;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsPartition;
import org.apache.kafka.common.message.ListOffsetsResponseData;
import org.apache.kafka.common.message.ListOffsetsResponseData.ListOffsetsPartitionResponse;
import org.apache.kafka.common.message.ListOffsetsResponseData.ListOffsetsTopicResponse;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Finds offsets: of the beginning, the end, or a time.
public final class ListOffsetsHandler implements RequestHandler<ListOffsetsRequestData> {
    private static final Logger log = LoggerFactory.getLogger(ListOffsetsHandler.class);
    private static final long LATEST = -1;
    private static final long EARLIEST = -2;
    private static final long MAX_TIMESTAMP = -3;
    private static final long EARLIEST_LOCAL = -4;
    private static final long LATEST_TIERED = -5;
    private static final long EARLIEST_PENDING_UPLOAD = -6;
    private static final int UNKNOWN_EPOCH = -1;
    private static final short FIRST_VERSION_WITH_LEADER_EPOCH = 4;

    private final TopicLookup topics;
    private final Executor mayBlock;

    /// @param mayBlock runs what reads through a log
    public ListOffsetsHandler(MetadataService metadata, PartitionLogService partitions, Executor mayBlock) {
        this.topics = new TopicLookup(metadata, partitions);
        this.mayBlock = mayBlock;
    }

    @Override
    public ApiKeys apiKey() {
        return ApiKeys.LIST_OFFSETS;
    }

    @Override
    public VersionRange versions() {
        return VersionRange.of(1, 11);
    }

    @Override
    public CompletionStage<Answer> handle(Request<ListOffsetsRequestData> request) {
        boolean readsLog = request.message().topics().stream()
                .flatMap(topic -> topic.partitions().stream())
                .anyMatch(asked -> asked.timestamp() >= 0 || asked.timestamp() == MAX_TIMESTAMP);
        return readsLog
                ? CompletableFuture.supplyAsync(() -> answer(request), mayBlock)
                : CompletableFuture.completedFuture(answer(request));
    }

    private Answer answer(Request<ListOffsetsRequestData> request) {
        var response = new ListOffsetsResponseData();
        var repeated = new RepeatedPartitions();
        for (var topic : request.message().topics()) {
            topic.partitions().forEach(asked -> repeated.add(topic.name(), asked.partitionIndex()));
        }
        for (var topic : request.message().topics()) {
            var topicResponse = new ListOffsetsTopicResponse().setName(topic.name());
            response.topics().add(topicResponse);
            for (var asked : topic.partitions()) {
                var error = Errors.NONE;
                if (repeated.contains(topic.name(), asked.partitionIndex())) {
                    if (!repeated.takeFirst(topic.name(), asked.partitionIndex())) {
                        continue;
                    }
                    error = Errors.INVALID_REQUEST;
                }
                topicResponse.partitions().add(answer(request, topic.name(), asked, error));
            }
        }
        return new Answer.Message(response);
    }

    private ListOffsetsPartitionResponse answer(
            Request<ListOffsetsRequestData> request, String topic, ListOffsetsPartition asked, Errors known) {
        var response = new ListOffsetsPartitionResponse().setPartitionIndex(asked.partitionIndex());
        var error = known == Errors.NONE ? find(request, topic, asked, response) : known;
        response.setErrorCode(error.code());
        if (request.version() < FIRST_VERSION_WITH_LEADER_EPOCH) {
            response.setLeaderEpoch(UNKNOWN_EPOCH);
        }
        return response;
    }

    private Errors find(
            Request<ListOffsetsRequestData> request,
            String topic,
            ListOffsetsPartition asked,
            ListOffsetsPartitionResponse response) {
        var isolation = Isolation.find(request.message().isolationLevel());
        if (isolation.isEmpty() || request.version() < firstVersionWith(asked.timestamp())) {
            return refuse(
                    request,
                    topic,
                    asked,
                    isolation.isEmpty() ? Errors.INVALID_REQUEST : Errors.UNSUPPORTED_VERSION,
                    "isolation level %d, timestamp %d in version %d"
                            .formatted(request.message().isolationLevel(), asked.timestamp(), request.version()));
        }
        return switch (topics.find(topic, asked.partitionIndex())) {
            case Found.Missing(Errors error, String detail) -> refuse(request, topic, asked, error, detail);
            case Found.Hosted(Partition partition) -> {
                var epochError = TopicLookup.checkLeaderEpoch(asked.currentLeaderEpoch(), partition);
                if (epochError != Errors.NONE) {
                    var subject = Subject.partition(topic, asked.partitionIndex());
                    TopicLookup.noteEpoch(request, subject, epochError, asked.currentLeaderEpoch(), partition);
                    yield epochError;
                }
                var offsets = partition.findOffsets();
                var positions = partition.findPositions();
                if (offsets.isEmpty() || positions.isEmpty()) {
                    var detail = partition.offlineReason().orElse("there is no log");
                    yield refuse(request, topic, asked, Errors.KAFKA_STORAGE_ERROR, detail);
                }
                long end = isolation.get().endOf(offsets.get());
                if (asked.timestamp() >= 0 || asked.timestamp() == MAX_TIMESTAMP) {
                    yield search(partition.name(), positions.get(), asked.timestamp(), end, response);
                }
                locate(positions.get(), asked.timestamp(), offsets.get().logStartOffset(), end, response);
                yield Errors.NONE;
            }
        };
    }

    private static Errors refuse(
            Request<ListOffsetsRequestData> request,
            String topic,
            ListOffsetsPartition asked,
            Errors error,
            String detail) {
        request.noteRefusal(Subject.partition(topic, asked.partitionIndex()), error, error.name(), detail);
        return error;
    }

    /// @param end of what this client may read
    private static void locate(
            LogPositions positions, long timestamp, long start, long end, ListOffsetsPartitionResponse response) {
        if (timestamp == LATEST) {
            response.setOffset(end).setLeaderEpoch(positions.epochOf(Long.MAX_VALUE));
        } else if (timestamp == EARLIEST || timestamp == EARLIEST_LOCAL) {
            response.setOffset(start).setLeaderEpoch(positions.epochOf(start));
        }
        // Nothing is tiered, and nothing waits for it: to the two other sentinels that means "unknown".
    }

    /// The version of the protocol that brought a meaning for this timestamp; none if it has no meaning yet.
    private static int firstVersionWith(long timestamp) {
        if (timestamp >= EARLIEST) {
            return 0;
        }
        if (timestamp == MAX_TIMESTAMP) {
            return 7;
        }
        if (timestamp == EARLIEST_LOCAL) {
            return 8;
        }
        if (timestamp == LATEST_TIERED) {
            return 9;
        }
        return timestamp == EARLIEST_PENDING_UPLOAD ? 11 : Integer.MAX_VALUE;
    }

    private static Errors search(
            TopicPartition name,
            LogPositions positions,
            long timestamp,
            long end,
            ListOffsetsPartitionResponse response) {
        try {
            find(positions.timestamps(), timestamp)
                    .filter(found -> found.offset() < end)
                    .ifPresent(found -> response.setOffset(found.offset())
                            .setTimestamp(found.timestamp())
                            .setLeaderEpoch(found.leaderEpoch()));
            return Errors.NONE;
        } catch (IOException e) {
            log.warn("{}: searching by time failed", name, e);
            return Errors.KAFKA_STORAGE_ERROR;
        }
    }

    private static Optional<TimestampSearch.Found> find(TimestampSearch search, long timestamp) throws IOException {
        return timestamp == MAX_TIMESTAMP ? search.findGreatest() : search.findFirstFrom(timestamp);
    }
}
