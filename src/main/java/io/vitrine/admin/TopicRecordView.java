package io.vitrine.admin;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.vitrine.inspect.RecordEntry;
import io.vitrine.metadata.TopicPartition;

/// One record among those of other partitions.
record TopicRecordView(int partition, @JsonUnwrapped RecordView record) {
    static TopicRecordView of(TopicPartition partition, RecordEntry entry) {
        return new TopicRecordView(partition.partition(), RecordView.of(partition, entry));
    }
}
