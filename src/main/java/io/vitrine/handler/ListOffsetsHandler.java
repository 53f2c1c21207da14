package io.vitrine.handler;

import io.vitrine.handler.TopicLookup.Found;
import io.vitrine.log.Offsets;
import io.vitrine.log.TimestampSearch;
import io.vitrine.metadata.MetadataService;
import io.vitrine.metadata.TopicPartition;
import io.vitrine.partition.Partition;
import io.vitrine.partition.PartitionLogService;
import io.vitrine.protocol.Answer;
import io.vitrine.protocol.Request;
import io.vitrine.protocol.RequestHandler;
import io.vitrine.protocol.VersionRange;
import java.io.IOException;
import java.util.HashSet;
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
    private static final byte READ_COMMITTED = 1;
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
        var seen = new HashSet<TopicPartition>();
        for (var topic : request.message().topics()) {
            var topicResponse = new ListOffsetsTopicResponse().setName(topic.name());
            response.topics().add(topicResponse);
            for (var asked : topic.partitions()) {
                var partitionResponse = new ListOffsetsPartitionResponse().setPartitionIndex(asked.partitionIndex());
                topicResponse.partitions().add(partitionResponse);
                boolean repeated = asked.partitionIndex() >= 0
                        && !seen.add(new TopicPartition(topic.name(), asked.partitionIndex()));
                var error = repeated ? Errors.INVALID_REQUEST : find(request, topic.name(), asked, partitionResponse);
                partitionResponse.setErrorCode(error.code());
                if (request.version() < FIRST_VERSION_WITH_LEADER_EPOCH) {
                    partitionResponse.setLeaderEpoch(UNKNOWN_EPOCH);
                }
            }
        }
        return new Answer.Message(response);
    }

    private Errors find(
            Request<ListOffsetsRequestData> request,
            String topic,
            ListOffsetsPartition asked,
            ListOffsetsPartitionResponse response) {
        var subject = topic + "-" + asked.partitionIndex();
        switch (topics.find(topic, asked.partitionIndex())) {
            case Found.Missing(Errors error, String detail) -> {
                request.noteRefusal(subject, error, error.name(), detail);
                return error;
            }
            case Found.Hosted(Partition partition) -> {
                var epochError = TopicLookup.checkLeaderEpoch(asked.currentLeaderEpoch(), partition);
                var offsets = partition.findOffsets();
                if (epochError != Errors.NONE || offsets.isEmpty()) {
                    var error = epochError != Errors.NONE ? epochError : Errors.KAFKA_STORAGE_ERROR;
                    request.noteRefusal(
                            subject,
                            error,
                            error.name(),
                            partition.offlineReason().orElse("leader epoch differs"));
                    return error;
                }
                response.setLeaderEpoch(partition.leaderEpoch());
                boolean committed = request.message().isolationLevel() == READ_COMMITTED;
                if (request.version() < firstVersionWith(asked.timestamp())) {
                    response.setLeaderEpoch(UNKNOWN_EPOCH);
                    return Errors.UNSUPPORTED_VERSION;
                }
                return locate(partition, offsets.get(), asked.timestamp(), committed, response);
            }
        }
    }

    private static Errors locate(
            Partition partition,
            Offsets offsets,
            long timestamp,
            boolean committed,
            ListOffsetsPartitionResponse response) {
        if (timestamp == LATEST) {
            response.setOffset(committed ? offsets.lastStableOffset() : offsets.highWatermark());
        } else if (timestamp == EARLIEST || timestamp == EARLIEST_LOCAL) {
            response.setOffset(offsets.logStartOffset());
        } else if (timestamp == LATEST_TIERED || timestamp == EARLIEST_PENDING_UPLOAD) {
            // Nothing is tiered, and nothing waits for it: Kafka's "unknown", without a leader epoch.
            response.setLeaderEpoch(UNKNOWN_EPOCH);
        } else if (timestamp == MAX_TIMESTAMP || timestamp >= 0) {
            return search(partition, timestamp, response);
        } else {
            response.setLeaderEpoch(UNKNOWN_EPOCH);
            return Errors.UNSUPPORTED_VERSION;
        }
        return Errors.NONE;
    }

    /// The version of the protocol that brought a meaning for this timestamp.
    private static int firstVersionWith(long timestamp) {
        if (timestamp == MAX_TIMESTAMP) {
            return 7;
        }
        if (timestamp == EARLIEST_LOCAL) {
            return 8;
        }
        if (timestamp == LATEST_TIERED) {
            return 9;
        }
        return timestamp == EARLIEST_PENDING_UPLOAD ? 11 : 0;
    }

    private static Errors search(Partition partition, long timestamp, ListOffsetsPartitionResponse response) {
        try {
            var search = partition.findTimestamps();
            if (search.isEmpty()) {
                return Errors.KAFKA_STORAGE_ERROR;
            }
            var found = find(search.get(), timestamp);
            if (found.isPresent()) {
                response.setOffset(found.get().offset())
                        .setTimestamp(found.get().timestamp())
                        .setLeaderEpoch(found.get().leaderEpoch());
            } else {
                response.setLeaderEpoch(UNKNOWN_EPOCH);
            }
            return Errors.NONE;
        } catch (IOException e) {
            log.warn("{}: searching by time failed", partition.name(), e);
            return Errors.KAFKA_STORAGE_ERROR;
        }
    }

    private static Optional<TimestampSearch.Found> find(TimestampSearch search, long timestamp) throws IOException {
        return timestamp == MAX_TIMESTAMP ? search.findGreatest() : search.findFirstFrom(timestamp);
    }
}
