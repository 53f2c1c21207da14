package io.vitrine.admin;

import io.vitrine.metadata.TopicPartition;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What became of the records of a request: a few bytes for each, as they may be many.
final class PostedResults {
    private static final int FIRST_CAPACITY = 16;

    private final String topic;
    private final List<Failure> failures = new ArrayList<>();
    private int[] partitions = new int[FIRST_CAPACITY];
    private long[] offsets = new long[FIRST_CAPACITY];
    private long[] timestamps = new long[FIRST_CAPACITY];
    private int count;
    private int written;

    /// Why a batch is not in the log.
    record Failure(KafkaError error, String detail, List<RecordViolation> violations) {
        ApiProblem problem(String topic) {
            return error == KafkaError.KAFKA_STORAGE_ERROR
                    ? ApiProblem.notWritten(topic, detail)
                    : ApiProblem.badRecords(error, detail, violations);
        }
    }

    /// A record that is in the log.
    record WrittenView(
            int partition,
            long offset,
            long timestamp,
            @Nullable String timestampIso,
            SelfLink links) {}

    record SelfLink(String self) {}

    /// A record that is not in the log.
    ///
    /// @param record 0-based place in the request
    record FailedView(int record, int partition, ErrorView error) {}

    record ErrorView(int errorCode, String errorName, String detail) {}

    PostedResults(String topic) {
        this.topic = topic;
    }

    void addWritten(PostedRecord record, int partition, long offset, long timestamp) {
        set(record.index(), partition, offset, timestamp);
        written++;
    }

    /// All records of a batch that is not in the log.
    void addFailed(List<PostedRecord> records, int partition, Failure failure) {
        failures.add(failure);
        records.forEach(record -> set(record.index(), partition, -failures.size(), 0));
    }

    String topic() {
        return topic;
    }

    int count() {
        return count;
    }

    int written() {
        return written;
    }

    List<Failure> failures() {
        return failures;
    }

    /// What became of the record at `index`.
    Object view(int index) {
        int partition = partitions[index];
        if (offsets[index] < 0) {
            var failure = failures.get((int) -offsets[index] - 1);
            return new FailedView(
                    index,
                    partition,
                    new ErrorView(failure.error().code(), failure.error().name(), failure.detail()));
        }
        var self = ApiPath.records(new TopicPartition(topic, partition)) + "/" + offsets[index];
        return new WrittenView(
                partition, offsets[index], timestamps[index], Timestamps.iso(timestamps[index]), new SelfLink(self));
    }

    private void set(int index, int partition, long offset, long timestamp) {
        if (index >= partitions.length) {
            int capacity = Math.max(index + 1, 2 * partitions.length);
            partitions = Arrays.copyOf(partitions, capacity);
            offsets = Arrays.copyOf(offsets, capacity);
            timestamps = Arrays.copyOf(timestamps, capacity);
        }
        partitions[index] = partition;
        offsets[index] = offset;
        timestamps[index] = timestamp;
        count = Math.max(count, index + 1);
    }
}
