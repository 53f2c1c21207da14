package io.vitrine.metadata;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.metadata.PartitionRecord;
import org.apache.kafka.common.metadata.TopicRecord;
import org.apache.kafka.server.common.ApiMessageAndVersion;

/// Collects the records of one change of topics. The wishes have been checked.
final class TopicDraft {
    private final PartitionRecord template;
    private final short recordVersion;
    private final List<ApiMessageAndVersion> records = new ArrayList<>();
    private long configChars;

    /// @param template what every new partition is like
    /// @param recordVersion version of the partitions' records
    TopicDraft(PartitionRecord template, short recordVersion) {
        this.template = template;
        this.recordVersion = recordVersion;
    }

    /// Adds a topic.
    ///
    /// @return what it will be
    Topic create(NewTopic wish, TopicSettings settings) {
        var id = Uuid.randomUuid();
        int count = wish.countPartitions(settings.partitions());
        Map<String, String> configs = new LinkedHashMap<>();
        wish.configs().forEach((name, value) -> configs.put(name, String.valueOf(value)));
        configs.forEach((name, value) -> configChars += name.length() + value.length());
        var record = new TopicRecord().setName(wish.name()).setTopicId(id);
        records.addAll(MetadataRecords.newTopic(record, count, configs, template, recordVersion));
        var partitions = IntStream.range(0, count).mapToObj(this::partition).toList();
        return new Topic(wish.name(), id, partitions, configs);
    }

    /// Adds partitions to a topic.
    void grow(Topic topic, int count) {
        for (int index = topic.partitions().size(); index < count; index++) {
            records.add(MetadataRecords.newPartition(topic.id(), index, template, recordVersion));
        }
    }

    List<ApiMessageAndVersion> records() {
        return records;
    }

    /// The characters of all names and values of configs.
    long configChars() {
        return configChars;
    }

    private TopicPartitionState partition(int index) {
        return new TopicPartitionState(
                index,
                template.leader(),
                template.leaderEpoch(),
                template.partitionEpoch(),
                template.replicas(),
                template.isr(),
                template.directories());
    }
}
