package io.vitrine.admin;

import io.vitrine.group.CommittedOffset;
import io.vitrine.log.Offsets;
import io.vitrine.metadata.TopicPartition;
import io.vitrine.partition.Partition;
import io.vitrine.partition.PartitionLogService;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Component;

/// How far groups are behind.
@Component
class GroupLag {
    private final PartitionLogService partitions;

    GroupLag(PartitionLogService partitions) {
        this.partitions = partitions;
    }

    /// The marks of a partition; empty if it is not here or can't be read.
    Optional<Offsets> offsets(TopicPartition partition) {
        return partitions.find(partition).flatMap(Partition::findOffsets);
    }

    /// Records to be read, of all partitions together.
    long total(List<CommittedOffset> committed) {
        return committed.stream()
                .mapToLong(offset -> offsets(offset.partition())
                        .map(marks -> lag(offset.offset(), marks, false))
                        .orElse(0L))
                .sum();
    }

    /// Offsets between what is committed and the end, as Kafka's own tools count: some of them may hold no record any
    /// more.
    ///
    /// @param stable is the end the last stable offset?
    static long lag(long committed, Offsets marks, boolean stable) {
        long end = stable ? marks.lastStableOffset() : marks.highWatermark();
        return Math.max(0, end - committed);
    }
}
