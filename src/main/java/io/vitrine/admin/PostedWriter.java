package io.vitrine.admin;

import io.vitrine.metadata.Topic;
import io.vitrine.metadata.TopicPartition;
import io.vitrine.partition.AppendOutcome;
import io.vitrine.partition.Durability;
import io.vitrine.partition.PartitionLogService;
import io.vitrine.record.Codec;
import io.vitrine.record.NewBatch;
import io.vitrine.record.RecordBatch;
import io.vitrine.record.Refusal;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/// Writes the records of one request into a topic, as a producer would: by the topic's rules, a batch at a time.
/// Records without key and partition all go to one partition, in their order.
final class PostedWriter {
    private final PartitionLogService partitions;
    private final Topic topic;
    private final Way way;
    private final PostedResults results;

    /// How to write.
    ///
    /// @param splits may a partition's records become several batches, if they don't fit into one?
    /// @param keyless the partition of records that could lie anywhere
    record Way(Codec codec, Durability durability, boolean splits, int keyless) {}

    private record Pending(int partition, List<PostedRecord> records, CompletableFuture<AppendOutcome> outcome) {}

    PostedWriter(PartitionLogService partitions, Topic topic, Way way, PostedResults results) {
        this.partitions = partitions;
        this.topic = topic;
        this.way = way;
        this.results = results;
    }

    /// Writes some records and waits until they are as durable as was asked.
    void write(List<PostedRecord> records) {
        SortedMap<Integer, List<PostedRecord>> byPartition = new TreeMap<>();
        for (var record : records) {
            byPartition
                    .computeIfAbsent(partitionOf(record), _ -> new ArrayList<>())
                    .add(record);
        }
        var pending = new ArrayList<Pending>();
        byPartition.forEach((partition, list) -> append(partition, list, pending));
        pending.forEach(this::finish);
    }

    private int partitionOf(PostedRecord posted) {
        if (posted.partition() != PostedRecord.ANY_PARTITION) {
            return posted.partition();
        }
        return posted.record().hasKey()
                ? posted.record().partitionByKey(topic.partitions().size())
                : way.keyless();
    }

    private void append(int index, List<PostedRecord> records, List<Pending> pending) {
        var partition = partitions.find(new TopicPartition(topic.name(), index));
        if (partition.isEmpty()) {
            results.addFailed(records, index, storageFailure("partition %d is not on this broker".formatted(index)));
            return;
        }
        for (var batch : split(records)) {
            var bytes = NewBatch.of(
                    way.codec(), batch.stream().map(PostedRecord::record).toList());
            pending.add(new Pending(index, batch, partition.get().append(bytes, way.durability(), true)));
        }
    }

    /// Batches that fit the topic's limit as far as their records do.
    private List<List<PostedRecord>> split(List<PostedRecord> records) {
        if (!way.splits()) {
            return List.of(records);
        }
        int limit = partitions.batchRules(topic).maxBatchBytes();
        var batches = new ArrayList<List<PostedRecord>>();
        long size = Long.MAX_VALUE / 2;
        for (var record : records) {
            size += record.record().maxSizeInBytes();
            if (size > limit) {
                batches.add(new ArrayList<>());
                size = (long) RecordBatch.HEADER_SIZE_IN_BYTES + record.record().maxSizeInBytes();
            }
            batches.getLast().add(record);
        }
        return batches;
    }

    private void finish(Pending batch) {
        switch (batch.outcome().join()) {
            case AppendOutcome.Appended(long baseOffset, long logAppendTimeMs, long _) ->
                addWritten(batch, baseOffset, logAppendTimeMs);
            // Without a producer id nothing is a duplicate.
            case AppendOutcome.Duplicate(long baseOffset, long logAppendTimeMs, long _) ->
                addWritten(batch, baseOffset, logAppendTimeMs);
            case AppendOutcome.Refused(Refusal refusal) ->
                results.addFailed(batch.records(), batch.partition(), failure(batch.records(), refusal));
            case AppendOutcome.StorageFailed(String reason) ->
                results.addFailed(
                        batch.records(),
                        batch.partition(),
                        storageFailure("partition %d can't be written to: %s".formatted(batch.partition(), reason)));
            case AppendOutcome.Deleted() ->
                results.addFailed(
                        batch.records(),
                        batch.partition(),
                        new PostedResults.Failure(
                                KafkaError.UNKNOWN_TOPIC_OR_PARTITION, "the topic was deleted meanwhile", List.of()));
        }
    }

    private void addWritten(Pending batch, long baseOffset, long logAppendTimeMs) {
        for (int i = 0; i < batch.records().size(); i++) {
            var record = batch.records().get(i);
            long timestamp = logAppendTimeMs < 0 ? record.record().timestamp() : logAppendTimeMs;
            results.addWritten(record, batch.partition(), baseOffset + i, timestamp);
        }
    }

    private static PostedResults.Failure storageFailure(String detail) {
        return new PostedResults.Failure(KafkaError.KAFKA_STORAGE_ERROR, detail, List.of());
    }

    private static PostedResults.Failure failure(List<PostedRecord> records, Refusal refusal) {
        boolean whole = refusal.recordIndex() == Refusal.WHOLE_BATCH;
        int first = records.getFirst().index();
        int index = whole ? first : records.get(refusal.recordIndex()).index();
        var message = "expected %s, found %s".formatted(refusal.expected(), refusal.found());
        var detail = whole ? "A batch of %d records: %s.".formatted(records.size(), message) : message;
        return new PostedResults.Failure(
                errorFor(refusal.reason()),
                detail,
                List.of(new RecordViolation(index, fieldFor(refusal.reason()), message)));
    }

    private static KafkaError errorFor(Refusal.Reason reason) {
        return switch (reason) {
            case TOO_LARGE -> KafkaError.MESSAGE_TOO_LARGE;
            case TIMESTAMP -> KafkaError.INVALID_TIMESTAMP;
            case MISSING_KEY, MALFORMED_RECORD -> KafkaError.INVALID_RECORD;
            // We made the batch, so these are faults of ours.
            case NULL_RECORDS,
                    NO_BATCH,
                    BATCH_LENGTH,
                    SEVERAL_BATCHES,
                    MAGIC,
                    BASE_OFFSET,
                    CRC,
                    CONTROL_BATCH,
                    NOT_IN_TRANSACTION,
                    RECORD_COUNT,
                    SEQUENCE,
                    OUT_OF_ORDER_SEQUENCE,
                    OLD_PRODUCER_EPOCH,
                    OLD_COORDINATOR_EPOCH,
                    CODEC -> KafkaError.UNKNOWN_SERVER_ERROR;
        };
    }

    private static String fieldFor(Refusal.Reason reason) {
        return switch (reason) {
            case TIMESTAMP -> "timestamp";
            case MISSING_KEY -> "key";
            default -> "";
        };
    }
}
