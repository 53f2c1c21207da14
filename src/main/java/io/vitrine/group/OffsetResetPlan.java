package io.vitrine.group;

import io.vitrine.log.LogPositions;
import io.vitrine.log.Offsets;
import io.vitrine.metadata.TopicPartition;
import io.vitrine.partition.Partition;
import io.vitrine.partition.PartitionLogService;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// Finds out where committed offsets would be moved. It may look through logs, and changes nothing.
public final class OffsetResetPlan {
    private final PartitionLogService partitions;

    public OffsetResetPlan(PartitionLogService partitions) {
        this.partitions = partitions;
    }

    /// Where the offset of one partition goes. It stays within the log: consumers would be thrown to wherever their
    /// `auto.offset.reset` says otherwise.
    ///
    /// @param before what is committed; null if nothing is
    public OffsetReset plan(TopicPartition name, @Nullable Long before, ResetTarget target) {
        var partition = partitions.find(name);
        if (partition.isEmpty()) {
            return stays(name, before, null, "there is no such partition here");
        }
        var offsets = partition.get().findOffsets();
        if (offsets.isEmpty()) {
            return stays(name, before, null, partition.get().offlineReason().orElse("its log could not be opened"));
        }
        return switch (target) {
            case ResetTarget.Earliest() ->
                moves(name, before, offsets.get(), offsets.get().logStartOffset());
            case ResetTarget.Latest() ->
                moves(name, before, offsets.get(), offsets.get().highWatermark());
            case ResetTarget.Offset(long offset) -> moves(name, before, offsets.get(), offset);
            case ResetTarget.Shift(long by) ->
                before == null
                        ? stays(name, null, offsets.get(), "nothing is committed that could be shifted")
                        : moves(name, before, offsets.get(), add(before, by));
            case ResetTarget.Time(long timestamp) -> movesToTime(partition.get(), before, offsets.get(), timestamp);
        };
    }

    private static OffsetReset movesToTime(
            Partition partition, @Nullable Long before, Offsets offsets, long timestamp) {
        try {
            var search = partition.findPositions().map(LogPositions::timestamps);
            if (search.isEmpty()) {
                return stays(partition.name(), before, offsets, "its log could not be opened");
            }
            var found = search.get().findFirstFrom(timestamp);
            if (found.isPresent()) {
                return moves(partition.name(), before, offsets, found.get().offset());
            }
            long end = offsets.highWatermark();
            return moved(partition.name(), before, offsets, end, "no record is as young: moved to the end");
        } catch (IOException e) {
            return stays(partition.name(), before, offsets, "its log can't be searched: " + e.getMessage());
        }
    }

    private static OffsetReset moves(TopicPartition name, @Nullable Long before, Offsets offsets, long wanted) {
        if (wanted < offsets.logStartOffset()) {
            var note = "%d is below the log start: moved to the log start".formatted(wanted);
            return moved(name, before, offsets, offsets.logStartOffset(), note);
        }
        if (wanted > offsets.highWatermark()) {
            var note = "%d is beyond the end: moved to the end".formatted(wanted);
            return moved(name, before, offsets, offsets.highWatermark(), note);
        }
        return moved(name, before, offsets, wanted, null);
    }

    private static OffsetReset moved(
            TopicPartition name, @Nullable Long before, Offsets offsets, long after, @Nullable String note) {
        return new OffsetReset(name, before, after, offsets.logStartOffset(), offsets.highWatermark(), note);
    }

    private static OffsetReset stays(
            TopicPartition name, @Nullable Long before, @Nullable Offsets offsets, String reason) {
        return new OffsetReset(
                name,
                before,
                null,
                offsets == null ? null : offsets.logStartOffset(),
                offsets == null ? null : offsets.highWatermark(),
                "not moved: " + reason);
    }

    /// Far beyond either end is as good as any other offset beyond it.
    private static long add(long offset, long by) {
        long sum = offset + by;
        return by > 0 && sum < offset ? Long.MAX_VALUE : sum;
    }
}
