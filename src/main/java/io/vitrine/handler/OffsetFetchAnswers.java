package io.vitrine.handler;

import java.util.List;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopics;
import org.apache.kafka.common.message.OffsetFetchResponseData;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseGroup;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponsePartition;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponsePartitions;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseTopic;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseTopics;
import org.apache.kafka.common.protocol.Errors;

/// The shapes that the answer to OffsetFetch has in its versions.
final class OffsetFetchAnswers {
    private static final short FIRST_VERSION_WITH_ERROR = 2;
    private static final long NO_OFFSET = -1;
    private static final int NO_EPOCH = -1;

    private OffsetFetchAnswers() {}

    /// From version 8 on.
    static OffsetFetchResponseData several(List<OffsetFetchResponseGroup> groups) {
        return new OffsetFetchResponseData().setGroups(groups);
    }

    /// Until version 7. Version 1 has no room for an error of the group, so each of its partitions gets it.
    static OffsetFetchResponseData single(
            short version, OffsetFetchRequestGroup asked, OffsetFetchResponseGroup answer) {
        var error = Errors.forCode(answer.errorCode());
        boolean spread = version < FIRST_VERSION_WITH_ERROR && error != Errors.NONE && asked.topics() != null;
        var topics = spread
                ? asked.topics().stream().map(topic -> refused(topic, error)).toList()
                : answer.topics();
        return new OffsetFetchResponseData()
                .setErrorCode(version < FIRST_VERSION_WITH_ERROR ? Errors.NONE.code() : error.code())
                .setTopics(topics.stream().map(OffsetFetchAnswers::older).toList());
    }

    static OffsetFetchResponseTopics refused(OffsetFetchRequestTopics topic, Errors error) {
        return new OffsetFetchResponseTopics()
                .setName(topic.name())
                .setTopicId(topic.topicId())
                .setPartitions(topic.partitionIndexes().stream()
                        .map(index -> new OffsetFetchResponsePartitions()
                                .setPartitionIndex(index)
                                .setCommittedOffset(NO_OFFSET)
                                .setCommittedLeaderEpoch(NO_EPOCH)
                                .setMetadata("")
                                .setErrorCode(error.code()))
                        .toList());
    }

    private static OffsetFetchResponseTopic older(OffsetFetchResponseTopics topic) {
        return new OffsetFetchResponseTopic()
                .setName(topic.name())
                .setPartitions(topic.partitions().stream()
                        .map(partition -> new OffsetFetchResponsePartition()
                                .setPartitionIndex(partition.partitionIndex())
                                .setCommittedOffset(partition.committedOffset())
                                .setCommittedLeaderEpoch(partition.committedLeaderEpoch())
                                .setMetadata(partition.metadata())
                                .setErrorCode(partition.errorCode()))
                        .toList());
    }
}
