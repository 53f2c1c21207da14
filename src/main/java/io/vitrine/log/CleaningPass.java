package io.vitrine.log;

import io.vitrine.log.CompactionSource.LastRecord;
import io.vitrine.record.BatchFilter;
import io.vitrine.record.BatchFilter.Retention;
import io.vitrine.record.FilteredBatch;
import io.vitrine.record.MalformedRecordException;
import io.vitrine.record.RecordBatch;
import io.vitrine.record.RecordKeys;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/// One way through the log, from its first segment to where the known keys end: chooses what stays of each batch.
///
/// A record stays if no later one has its key. If it is a tombstone, it goes when its batch's delete horizon is
/// reached, which is set when compaction meets the tombstone first. Records without a key go. Of a transaction see
/// [TransactionTrail].
///
/// Behind a batch that can't be read no tombstone and no marker goes: what they are there to hide may be in that
/// batch.
final class CleaningPass {
    private static final int DAMAGES_NAMED = 10;

    private final KeyOffsets keys;
    private final BatchFilter filter;
    private final Bounds bounds;
    private final Map<Long, LastRecord> lastRecords;
    private final TransactionTrail transactions = new TransactionTrail();
    private final List<String> damages = new ArrayList<>();
    private Cleaned.Stats stats = Cleaned.Stats.NONE;

    /// How far, and when.
    ///
    /// @param keysEndOffset all keys before this are in the map
    /// @param deleteRetentionMs `delete.retention.ms`
    /// @param maxUncompressedBytes a batch that unpacks to more counts as one that can't be read
    record Bounds(long keysEndOffset, long nowMs, long deleteRetentionMs, long maxUncompressedBytes) {}

    /// Begins before the first segment.
    ///
    /// @param lastRecords what the producers wrote last; the batches that hold it stay, if empty
    CleaningPass(KeyOffsets keys, Map<Long, LastRecord> lastRecords, Bounds bounds) {
        this.keys = keys;
        this.lastRecords = lastRecords;
        this.bounds = bounds;
        this.filter = new BatchFilter(bounds.nowMs(), bounds.deleteRetentionMs(), bounds.maxUncompressedBytes());
    }

    /// Announces the aborted transactions of the segment that comes next.
    void expect(List<AbortedTransaction> aborted) {
        transactions.add(aborted);
    }

    /// Writes what stays of `batch`, the next one of the log, to `target`.
    ///
    /// @param last does nothing follow in `target`? Then the batch stays, if empty
    void pass(RecordBatch batch, boolean last, CleanedFile target) throws IOException {
        var filtered = filter(batch, last);
        if (filtered.damage() != null) {
            noteDamage(batch, filtered.damage());
        }
        stats = stats.plus(filtered, batch.sizeInBytes());
        target.append(filtered.bytes());
    }

    /// The aborted transactions that belong to what was written since this was asked last.
    List<AbortedTransaction> takeAborted() {
        return transactions.takeKept();
    }

    Cleaned.Stats stats() {
        return stats;
    }

    List<String> damages() {
        return List.copyOf(damages);
    }

    private FilteredBatch filter(RecordBatch batch, boolean last) throws IOException {
        if (batch.computedCrc() != batch.crc()) {
            return FilteredBatch.damaged(batch, "the checksum does not hold");
        }
        try {
            boolean discardable = transactions.pass(batch);
            boolean marksNothing = discardable && batch.attributes().isControl();
            boolean staysEmpty = last || isLastOfProducer(batch);
            return filter.filter(batch, new Retention(staysEmpty, marksNothing), wanted(batch, discardable));
        } catch (MalformedRecordException e) {
            return FilteredBatch.damaged(batch, String.valueOf(e.getMessage()));
        }
    }

    /// @param discardable it is data of an aborted transaction, or a marker that has nothing left to mark
    private Predicate<RecordKeys> wanted(RecordBatch batch, boolean discardable) {
        boolean control = batch.attributes().isControl();
        boolean horizonReached = batch.attributes().hasDeleteHorizon() && batch.baseTimestamp() <= bounds.nowMs();
        boolean tombstonesGo = horizonReached && damages.isEmpty();
        if (control) {
            return _ -> !discardable || !horizonReached;
        }
        return record -> !discardable && isWanted(record, tombstonesGo);
    }

    private boolean isWanted(RecordKeys record, boolean tombstonesGo) {
        if (record.offset() >= bounds.keysEndOffset()) {
            return true;
        }
        byte[] key = record.key();
        return key != null && record.offset() >= keys.find(key) && (record.hasValue() || !tombstonesGo);
    }

    private boolean isLastOfProducer(RecordBatch batch) {
        var last = batch.producerId() == RecordBatch.NO_PRODUCER_ID ? null : lastRecords.get(batch.producerId());
        if (last == null) {
            return false;
        }
        return last.lastDataOffset() == LastRecord.NO_DATA
                ? batch.attributes().isControl() && batch.producerEpoch() == last.producerEpoch()
                : batch.lastOffset() == last.lastDataOffset();
    }

    private void noteDamage(RecordBatch batch, String damage) {
        transactions.passUnread();
        if (damages.size() < DAMAGES_NAMED) {
            damages.add("the batch at offset %d: %s".formatted(batch.baseOffset(), damage));
        }
    }
}
