package io.vitrine.inspect;

import io.vitrine.log.LogPositions;
import io.vitrine.log.Offsets;
import io.vitrine.log.ReadableSegment;
import io.vitrine.log.SegmentInfo;
import io.vitrine.log.TimestampSearch;
import io.vitrine.metadata.TopicPartition;
import io.vitrine.partition.Partition;
import io.vitrine.partition.ReadOutcome;
import io.vitrine.partition.TransactionFate;
import io.vitrine.record.BatchSlice;
import io.vitrine.record.RecordBatch;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/// The log of a partition that this broker hosts.
record HostedPartitionLog(Partition partition) implements ReadableLog {
    @Override
    public TopicPartition name() {
        return partition.name();
    }

    @Override
    public RecordKind recordKind() {
        return RecordKind.ofTopic(name().topic());
    }

    @Override
    public Optional<Offsets> findOffsets() {
        return partition.findOffsets();
    }

    @Override
    public long sizeInBytes() {
        return partition.sizeInBytes();
    }

    @Override
    public List<SegmentInfo> segments() {
        return partition.segments();
    }

    @Override
    public Optional<ReadableSegment> findSegment(long baseOffset) {
        return partition.findSegment(baseOffset);
    }

    @Override
    public Optional<TimestampSearch> findTimestamps() {
        return partition.findPositions().map(LogPositions::timestamps);
    }

    @Override
    public Optional<TransactionFate> fateOf(RecordBatch batch) throws UnreadableLogException {
        try {
            return partition.transactions().fateOf(batch);
        } catch (IOException e) {
            throw new UnreadableLogException("What became of the transaction is unknown: " + e.getMessage());
        }
    }

    @Override
    public Optional<StableOffsetHolder> findHolder() {
        return StableOffsetHolder.find(partition);
    }

    @Override
    public Optional<String> offlineReason() {
        return partition.offlineReason();
    }

    @Override
    public ReadOutcome<BatchSlice> read(long offset, int maxBytes) {
        return partition.read(offset, maxBytes);
    }
}
