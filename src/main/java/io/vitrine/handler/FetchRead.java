package io.vitrine.handler;

import io.vitrine.handler.TopicLookup.Found;
import io.vitrine.log.DamagedRange;
import io.vitrine.log.LogSlice;
import io.vitrine.log.Offsets;
import io.vitrine.partition.ColdReads;
import io.vitrine.partition.Partition;
import io.vitrine.partition.ReadOutcome;
import io.vitrine.protocol.Request;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.FetchableTopicResponse;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;

/// One pass over the partitions of a fetch: what each of them has at this moment, within the bytes allowed.
final class FetchRead {
    private static final byte READ_COMMITTED = 1;
    private static final long UNKNOWN = -1;

    private final Request<FetchRequestData> request;
    private final List<FetchableTopicResponse> responses = new ArrayList<>();
    private final List<Partition> partitions = new ArrayList<>();
    private final List<ColdReads.Part> cold = new ArrayList<>();
    private final List<Runnable> refusals = new ArrayList<>();
    private final boolean warmOnly;
    private int bytesLeft;
    private int sizeInBytes;
    private boolean failed;

    /// @param warmOnly is what would have to wait for a disk only to be noted?
    FetchRead(Request<FetchRequestData> request, int maxBytes, boolean warmOnly) {
        this.request = request;
        this.warmOnly = warmOnly;
        this.bytesLeft = maxBytes;
    }

    /// Bytes of records found.
    int sizeInBytes() {
        return sizeInBytes;
    }

    /// Would waiting change nothing: is there an error to tell, or no partition that could get more?
    boolean mustAnswerNow() {
        return failed || !cold.isEmpty() || partitions.isEmpty();
    }

    /// What has to be loaded from a disk before this is an answer.
    List<ColdReads.Part> cold() {
        return cold;
    }

    /// The partitions that were read.
    List<Partition> partitions() {
        return partitions;
    }

    /// The answer; what it refuses is noted now.
    FetchResponseData response() {
        refusals.forEach(Runnable::run);
        return new FetchResponseData().setResponses(responses);
    }

    /// Begins the answers for another topic.
    void beginTopic(FetchTopic topic) {
        responses.add(new FetchableTopicResponse().setTopic(topic.topic()).setTopicId(topic.topicId()));
    }

    /// Reads one partition of the topic begun last, or notes why that can't be.
    void add(FetchTopic topic, FetchPartition asked, Found found) {
        var data = new PartitionData().setPartitionIndex(asked.partition()).setRecords(MemoryRecords.EMPTY);
        responses.getLast().partitions().add(data);
        switch (found) {
            case Found.Missing(Errors error, String detail) ->
                refuse(data, "%s-%d".formatted(topic.topic(), asked.partition()), error, detail);
            case Found.Hosted(Partition partition) -> {
                // Kafka's default for what could not even be looked for is an empty list, for all else null.
                data.setAbortedTransactions(null);
                read(partition, asked, data);
            }
        }
    }

    private void read(Partition partition, FetchPartition asked, PartitionData data) {
        var subject = partition.name().toString();
        var epochError = TopicLookup.checkLeaderEpoch(asked.currentLeaderEpoch(), partition);
        if (epochError != Errors.NONE) {
            refuse(
                    data,
                    subject,
                    epochError,
                    "leader epoch is %d, the client believes %d"
                            .formatted(partition.leaderEpoch(), asked.currentLeaderEpoch()));
            return;
        }
        // The first partition with records may exceed the limits by its first batch, so that a fetch always gets on.
        boolean first = sizeInBytes == 0 && cold.isEmpty();
        if (!first && bytesLeft <= 0) {
            fill(partition, data);
            return;
        }
        int maxBytes = Math.max(0, Math.min(asked.partitionMaxBytes(), bytesLeft));
        if (warmOnly && partition.reads().isCold(asked.fetchOffset(), maxBytes)) {
            cold.add(new ColdReads.Part(partition, asked.fetchOffset(), maxBytes));
            bytesLeft -= maxBytes;
            return;
        }
        fill(partition, data, asked.fetchOffset(), maxBytes);
    }

    private void fill(Partition partition, PartitionData data, long fetchOffset, int maxBytes) {
        var subject = partition.name().toString();
        boolean first = sizeInBytes == 0;
        switch (partition.reads().fetch(fetchOffset, maxBytes)) {
            case ReadOutcome.Batches<LogSlice>(LogSlice slice, Offsets offsets) -> {
                partitions.add(partition);
                fill(data, offsets);
                int size = slice.sizeInBytes();
                if (size > 0 && (first || size <= maxBytes)) {
                    data.setRecords(FetchedRecords.of(slice));
                    sizeInBytes += size;
                    bytesLeft -= size;
                }
            }
            case ReadOutcome.OutOfRange<LogSlice>(long offset, Offsets offsets) ->
                refuse(
                        data,
                        subject,
                        Errors.OFFSET_OUT_OF_RANGE,
                        "offset %d is outside %d..%d"
                                .formatted(offset, offsets.logStartOffset(), offsets.highWatermark()));
            case ReadOutcome.Damaged<LogSlice>(DamagedRange range) ->
                // The consumer stops and says where; it can seek behind the range.
                refuse(data, subject, Errors.CORRUPT_MESSAGE, range.toString());
            case ReadOutcome.StorageFailed<LogSlice>(String reason) ->
                refuse(data, subject, Errors.KAFKA_STORAGE_ERROR, reason);
        }
    }

    private void fill(Partition partition, PartitionData data) {
        partitions.add(partition);
        partition.findOffsets().ifPresent(offsets -> fill(data, offsets));
    }

    private void fill(PartitionData data, Offsets offsets) {
        data.setHighWatermark(offsets.highWatermark())
                .setLastStableOffset(offsets.lastStableOffset())
                .setLogStartOffset(offsets.logStartOffset())
                .setAbortedTransactions(request.message().isolationLevel() == READ_COMMITTED ? List.of() : null);
    }

    /// What a partition answers that is refused before it is looked for.
    static PartitionData refused(int partition, Errors error) {
        return refuse(new PartitionData().setPartitionIndex(partition).setRecords(MemoryRecords.EMPTY), error);
    }

    private static PartitionData refuse(PartitionData data, Errors error) {
        return data.setErrorCode(error.code())
                .setHighWatermark(UNKNOWN)
                .setLastStableOffset(UNKNOWN)
                .setLogStartOffset(UNKNOWN);
    }

    private void refuse(PartitionData data, String subject, Errors error, String detail) {
        failed = true;
        refuse(data, error);
        refusals.add(() -> request.noteRefusal(subject, error, error.name(), detail));
    }
}
