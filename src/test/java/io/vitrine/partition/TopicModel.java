package io.vitrine.partition;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.record.BatchSlice;
import io.vitrine.record.Batches;
import io.vitrine.record.RecordBatch;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.Uuid;

/// What was written to the only partition of a topic, and what of it was acknowledged.
final class TopicModel {
    private final Uuid id;
    private final TreeMap<Long, ByteBuffer> written = new TreeMap<>();
    /// May be there or not.
    private final List<ByteBuffer> unanswered = new ArrayList<>();

    private long endOffset;
    private long acknowledgedEnd;
    private long startOffset;
    private int count;

    TopicModel(Uuid id) {
        this.id = id;
    }

    /// Appends a batch that is like none of another topic.
    void append(Partition partition, Durability durability, int valueBytes) {
        var batch = Batches.of("%s-%08d".formatted(id, count++) + "x".repeat(valueBytes));
        var outcome = partition
                .append(batch, durability, true)
                .orTimeout(1, TimeUnit.MINUTES)
                .join();
        switch (outcome) {
            case AppendOutcome.Appended(long baseOffset, long _, long _) -> {
                assertThat(baseOffset).isEqualTo(endOffset);
                written.put(baseOffset, batch);
                endOffset = baseOffset + 1;
                acknowledgedEnd = durability == Durability.DISK ? baseOffset + 1 : acknowledgedEnd;
            }
            case AppendOutcome.StorageFailed _ -> {
                assertThat(partition.offlineReason()).isPresent();
                unanswered.add(batch);
            }
            case AppendOutcome.Duplicate _, AppendOutcome.Refused _, AppendOutcome.Deleted _ ->
                throw new AssertionError(String.valueOf(outcome));
        }
    }

    /// Was nothing acknowledged?
    boolean isEmpty() {
        return acknowledgedEnd == 0;
    }

    /// Somebody has deleted what lies before `offset`.
    void startAt(long offset) {
        startOffset = Math.max(startOffset, offset);
    }

    /// What can be read is what was written to this very topic, at the same offsets, and all of it that was
    /// acknowledged. What is lost is forgotten.
    void requireSurvivors(Partition partition, boolean all) {
        assertThat(partition.topicId()).isEqualTo(id);
        assertThat(partition.offlineReason()).isEmpty();
        var offsets = partition.findOffsets().orElseThrow();
        assertThat(offsets.logStartOffset()).isLessThanOrEqualTo(startOffset);
        assertThat(offsets.logEndOffset()).isGreaterThanOrEqualTo(acknowledgedEnd);
        for (long offset = offsets.logStartOffset(); offset < offsets.logEndOffset(); ) {
            offset = requireWritten(partition, offset);
        }
        if (all && unanswered.isEmpty()) {
            assertThat(offsets.logEndOffset()).isEqualTo(endOffset);
        }
        unanswered.clear();
        endOffset = offsets.logEndOffset();
        written.tailMap(endOffset, true).clear();
        startOffset = Math.max(offsets.logStartOffset(), Math.min(startOffset, endOffset));
    }

    /// @return where the next batch begins
    private long requireWritten(Partition partition, long offset) {
        return switch (partition.read(offset, 1)) {
            case ReadOutcome.Batches<BatchSlice>(BatchSlice slice, var _) -> {
                var batch = slice.batches().iterator().next();
                var found = withoutLeaderEpoch(batch.bytes());
                unanswered.stream()
                        .filter(each -> withoutLeaderEpoch(each).equals(found))
                        .forEach(each -> written.putIfAbsent(offset, each));
                assertThat(written).as("what was written to topic %s", id).containsKey(offset);
                assertThat(found)
                        .as("what lies at offset %d", offset)
                        .isEqualTo(withoutLeaderEpoch(Objects.requireNonNull(written.get(offset))));
                yield batch.nextOffset();
            }
            case ReadOutcome.Damaged<BatchSlice>(var range) -> {
                var lost = written.subMap(range.firstOffset(), range.nextOffset());
                assertThat(lost.keySet()).as("acknowledged, in %s", range).noneMatch(each -> each < acknowledgedEnd);
                lost.clear();
                yield range.nextOffset();
            }
            case ReadOutcome.OutOfRange<BatchSlice> _,
                    ReadOutcome.StorageFailed<BatchSlice> _,
                    ReadOutcome.Deleted<BatchSlice> _ -> throw new AssertionError("offset " + offset);
        };
    }

    private static ByteBuffer withoutLeaderEpoch(ByteBuffer batch) {
        var copy = ByteBuffer.allocate(batch.remaining());
        copy.put(batch.duplicate()).flip();
        copy.putInt(RecordBatch.PARTITION_LEADER_EPOCH, 0);
        return copy;
    }
}
