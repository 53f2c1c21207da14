package io.vitrine.partition;

import io.vitrine.log.Offsets;
import io.vitrine.partition.DeleteRecordsOutcome.Deleted;
import io.vitrine.partition.DeleteRecordsOutcome.NotAllowed;
import io.vitrine.partition.DeleteRecordsOutcome.OutOfRange;
import io.vitrine.partition.DeleteRecordsOutcome.StorageFailed;
import io.vitrine.partition.DeleteRecordsOutcome.TopicDeleted;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongUnaryOperator;

/// Deletes records because somebody wants it. Waits for the disk.
public final class RecordDeletion {
    /// Stands for the high watermark: everything there is.
    public static final long ALL = -1;

    private final StorageUpkeep upkeep;

    RecordDeletion(StorageUpkeep upkeep) {
        this.upkeep = upkeep;
    }

    /// What shall be deleted.
    ///
    /// @param beforeOffset the first offset that stays, or [#ALL]
    public record Wish(Partition partition, long beforeOffset) {}

    /// Hides the records from now on, writes the new log starts down, and removes the segments that hold nothing else.
    ///
    /// @return one for each wish, in the same order
    public List<DeleteRecordsOutcome> delete(List<Wish> wishes) {
        var outcomes = new ArrayList<DeleteRecordsOutcome>();
        var changed = new ArrayList<Partition>();
        for (var wish : wishes) {
            var outcome = hide(wish);
            if (outcome instanceof Deleted) {
                changed.add(wish.partition());
            }
            outcomes.add(outcome);
        }
        if (!changed.isEmpty()) {
            upkeep.removeSegments(changed);
        }
        for (int i = 0; i < outcomes.size(); i++) {
            outcomes.set(i, settled(wishes.get(i).partition(), outcomes.get(i)));
        }
        return outcomes;
    }

    /// What is hidden could be back after a restart, unless the log start has been written down.
    private DeleteRecordsOutcome settled(Partition partition, DeleteRecordsOutcome outcome) {
        if (!(outcome instanceof Deleted(long logStartOffset)) || upkeep.isLogStartWritten(partition, logStartOffset)) {
            return outcome;
        }
        return partition.isDeleted()
                ? new TopicDeleted()
                : new StorageFailed(partition
                        .offlineReason()
                        .orElse("that the log starts at %d could not be written down".formatted(logStartOffset)));
    }

    /// What would become of a wish; nothing is deleted.
    public DeleteRecordsOutcome validate(Wish wish) {
        return judge(
                wish,
                offset -> Math.max(
                        offset,
                        wish.partition()
                                .findOffsets()
                                .map(Offsets::logStartOffset)
                                .orElse(offset)));
    }

    private static DeleteRecordsOutcome hide(Wish wish) {
        return judge(wish, offset -> {
            var upkeep = wish.partition()
                    .storage()
                    .findUpkeep()
                    .orElseThrow(() -> new IllegalArgumentException("there is no log"));
            upkeep.startAt(offset);
            return upkeep.partitionLog().logStartOffset();
        });
    }

    /// @param raise from an offset that is possible makes the log start
    private static DeleteRecordsOutcome judge(Wish wish, LongUnaryOperator raise) {
        var partition = wish.partition();
        var found = partition.storage().findUpkeep();
        var offsets = partition.findOffsets();
        if (partition.isDeleted()) {
            return new TopicDeleted();
        }
        if (found.isEmpty() || offsets.isEmpty() || partition.offlineReason().isPresent()) {
            return new StorageFailed(partition.offlineReason().orElse("there is no log"));
        }
        if (isOnlyCompacted(found.get())) {
            return new NotAllowed();
        }
        long offset = wish.beforeOffset() == ALL ? offsets.get().highWatermark() : wish.beforeOffset();
        if (offset < 0 || offset > offsets.get().highWatermark()) {
            return new OutOfRange(offset, offsets.get());
        }
        try {
            return new Deleted(raise.applyAsLong(offset));
        } catch (IllegalArgumentException e) {
            return new StorageFailed(String.valueOf(e.getMessage()));
        }
    }

    /// Where nothing is cleaned up at all, there is nobody else to delete anything.
    private static boolean isOnlyCompacted(PartitionUpkeep upkeep) {
        var settings = upkeep.partitionLog().settings();
        return settings.compaction().compact() && !settings.retention().delete();
    }
}
