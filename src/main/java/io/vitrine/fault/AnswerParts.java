package io.vitrine.fault;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.ListOffsetsResponseData;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;

/// What an answer has of a topic or a partition, and how it is made an error.
public final class AnswerParts {
    /// The APIs of which this is known.
    public static final Set<ApiKeys> APIS =
            Set.of(ApiKeys.PRODUCE, ApiKeys.FETCH, ApiKeys.LIST_OFFSETS, ApiKeys.METADATA);

    private static final long UNKNOWN = -1;

    private AnswerParts() {}

    static boolean names(ApiMessage answer, Target target, TopicNames topics) {
        return !find(answer, target, topics).isEmpty();
    }

    static void fail(ApiMessage answer, Target target, TopicNames topics, Errors error) {
        find(answer, target, topics).forEach(part -> part.fail(error));
    }

    /// A part of an answer that can be turned into an error.
    private interface Part {
        void fail(Errors error);
    }

    private static List<Part> find(ApiMessage answer, Target target, TopicNames topics) {
        var parts = new ArrayList<Part>();
        switch (answer) {
            case ProduceResponseData produced ->
                produced.responses()
                        .forEach(topic -> topic.partitionResponses().stream()
                                .filter(part -> target.matches(topic.name(), topic.topicId(), part.index(), topics))
                                .forEach(part -> parts.add(error -> fail(part, error))));
            case FetchResponseData fetched ->
                fetched.responses()
                        .forEach(topic -> topic.partitions().stream()
                                .filter(part ->
                                        target.matches(topic.topic(), topic.topicId(), part.partitionIndex(), topics))
                                .forEach(part -> parts.add(error -> fail(part, error))));
            case ListOffsetsResponseData listed ->
                listed.topics()
                        .forEach(topic -> topic.partitions().stream()
                                .filter(part ->
                                        target.matches(topic.name(), Uuid.ZERO_UUID, part.partitionIndex(), topics))
                                .forEach(part -> parts.add(error -> fail(part, error))));
            case MetadataResponseData described ->
                described.topics().stream()
                        .filter(topic -> target.matches(topic.name(), topic.topicId(), target.partition(), topics))
                        .forEach(topic -> parts.add(
                                error -> topic.setErrorCode(error.code()).setPartitions(new ArrayList<>())));
            default -> {}
        }
        return parts;
    }

    private static void fail(ProduceResponseData.PartitionProduceResponse part, Errors error) {
        part.setErrorCode(error.code())
                .setErrorMessage(error.message())
                .setBaseOffset(UNKNOWN)
                .setLogAppendTimeMs(UNKNOWN)
                .setLogStartOffset(UNKNOWN);
    }

    private static void fail(FetchResponseData.PartitionData part, Errors error) {
        part.setErrorCode(error.code())
                .setHighWatermark(UNKNOWN)
                .setLastStableOffset(UNKNOWN)
                .setLogStartOffset(UNKNOWN)
                .setAbortedTransactions(List.of())
                .setRecords(MemoryRecords.EMPTY);
    }

    private static void fail(ListOffsetsResponseData.ListOffsetsPartitionResponse part, Errors error) {
        part.setErrorCode(error.code()).setOffset(UNKNOWN).setTimestamp(UNKNOWN).setLeaderEpoch((int) UNKNOWN);
    }
}
