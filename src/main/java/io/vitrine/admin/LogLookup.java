package io.vitrine.admin;

import io.vitrine.inspect.LogCatalog;
import io.vitrine.inspect.ReadableLog;
import io.vitrine.log.Offsets;
import io.vitrine.log.ReadableSegment;
import io.vitrine.metadata.MetadataService;
import io.vitrine.metadata.Topic;
import io.vitrine.metadata.TopicPartition;
import io.vitrine.metadata.TopicPartitionState;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.kafka.common.Uuid;
import org.springframework.stereotype.Component;

/// Finds what a URL names, or says what is wrong with it. The metadata log looks like a topic from here.
@Component
class LogLookup {
    private final MetadataService metadata;
    private final LogCatalog logs;

    LogLookup(MetadataService metadata, LogCatalog logs) {
        this.metadata = metadata;
        this.logs = logs;
    }

    /// @throws ApiProblem if the name is none or there is no such topic
    Topic topic(String name) {
        if (!Topic.isLegal(name)) {
            throw ApiProblem.invalidTopic("A topic name has 1 to 249 of a-z, A-Z, 0-9, '.', '_' and '-'.");
        }
        if (name.equals(LogCatalog.METADATA_TOPIC)) {
            return metadataTopic();
        }
        return metadata.image().findTopic(name).orElseThrow(() -> ApiProblem.unknownTopic(name));
    }

    /// @throws ApiProblem if there is no such partition
    TopicPartitionState partition(Topic topic, int index) {
        return topic.findPartition(index).orElseThrow(() -> ApiProblem.unknownPartition(topic.name(), index));
    }

    /// @throws ApiProblem if there is no such partition here
    ReadableLog log(String topic, int partition) {
        return log(topic(topic), partition);
    }

    ReadableLog log(Topic topic, int partition) {
        partition(topic, partition);
        return logs.find(new TopicPartition(topic.name(), partition))
                .orElseThrow(() -> ApiProblem.unknownPartition(topic.name(), partition));
    }

    /// The log of a partition that there is; empty if it lies on another broker.
    Optional<ReadableLog> findLog(Topic topic, TopicPartitionState state) {
        return logs.find(new TopicPartition(topic.name(), state.index()));
    }

    /// The marks of a log that can be read.
    ///
    /// @throws ApiProblem if it could not be opened
    Offsets offsets(ReadableLog log) {
        return log.findOffsets()
                .orElseThrow(() -> ApiProblem.storageFailed(
                        log.name(), log.offlineReason().orElse("its log could not be opened")));
    }

    /// The segment of this base offset.
    ///
    /// @throws ApiProblem if there is none, or the log could not be opened
    ReadableSegment segment(ReadableLog log, long baseOffset) {
        offsets(log);
        return log.findSegment(baseOffset).orElseThrow(() -> ApiProblem.unknownSegment(log.name(), baseOffset));
    }

    /// Where a page begins: at `from`, or at the start of the log.
    ///
    /// @throws ApiProblem if `from` is neither in the log nor its end
    long firstOffset(ReadableLog log, OptionalLong from) {
        var offsets = offsets(log);
        long offset = from.orElse(offsets.logStartOffset());
        if (offset < offsets.logStartOffset() || offset > offsets.logEndOffset()) {
            throw ApiProblem.offsetOutOfRange(log.name(), offset, offsets);
        }
        return offset;
    }

    /// @throws ApiProblem if `offset` lies outside the log
    void requireInLog(ReadableLog log, long offset) {
        var offsets = offsets(log);
        if (offset < offsets.logStartOffset() || offset >= offsets.logEndOffset()) {
            throw ApiProblem.offsetOutOfRange(log.name(), offset, offsets);
        }
    }

    /// The metadata log as the topic that Kafka makes of it. It is in no image, because it holds the image.
    Topic metadataTopic() {
        int node = metadata.image().nodeId();
        var partition = new TopicPartitionState(0, node, 0, 0, List.of(node), List.of(node), List.of());
        return new Topic(LogCatalog.METADATA_TOPIC, Uuid.METADATA_TOPIC_ID, List.of(partition), Map.of());
    }
}
