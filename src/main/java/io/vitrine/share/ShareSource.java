package io.vitrine.share;

import io.vitrine.log.DamagedRange;
import io.vitrine.log.LogSlice;
import io.vitrine.log.Offsets;
import io.vitrine.partition.ColdReads;
import io.vitrine.partition.Isolation;
import io.vitrine.partition.Partition;
import io.vitrine.partition.ReadOutcome;
import java.io.IOException;
import java.util.List;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/// A share partition together with the log of its records.
record ShareSource(SharePartition share, Partition partition) {

    /// What there is for a member.
    sealed interface Look {
        /// Nothing that anybody could be given.
        record Nothing() implements Look {}

        /// It has to be loaded from a disk first.
        record Cold(ColdReads.Part part) implements Look {}

        /// Batches that have records to give.
        record Batches(List<BatchSpan> spans, LogSlice slice) implements Look {
            int sizeInBytes() {
                return spans.getLast().sizeInBytes();
            }

            long offsetCount() {
                return spans.getLast().lastOffset() - spans.getFirst().firstOffset() + 1;
            }
        }
    }

    /// Looks at what could be given; nobody gets it by that. What can't be read any more is left out on the way.
    ///
    /// @param wanted how many records
    /// @param loaded what was loaded before
    /// @throws RuntimeException Kafka's, if the log can't be read
    Look look(int maxBytes, int wanted, LoadedParts loaded) {
        // Each step leaves something behind, so this ends.
        for (var offset = share.findFetchOffset(); offset.isPresent(); offset = share.findFetchOffset()) {
            var part = new ColdReads.Part(partition, offset.getAsLong(), maxBytes, isolation());
            var outcome = loaded.find(part);
            if (outcome == null) {
                if (partition.reads().isCold(part.offset(), maxBytes, isolation())) {
                    return new Look.Cold(part);
                }
                outcome = partition.reads().fetch(part.offset(), maxBytes, isolation());
            }
            switch (outcome) {
                case ReadOutcome.Batches<LogSlice>(LogSlice slice, Offsets offsets) -> {
                    long aborted = endOfAborted(slice, part.offset());
                    if (aborted == part.offset()) {
                        return look(slice, part.offset(), offsets, wanted);
                    }
                    share.leaveOut(part.offset(), aborted - 1, null);
                }
                case ReadOutcome.OutOfRange<LogSlice>(long requested, Offsets offsets) -> {
                    if (requested >= offsets.logStartOffset()) {
                        return new Look.Nothing();
                    }
                    share.startAt(offsets.logStartOffset());
                }
                case ReadOutcome.Damaged<LogSlice>(DamagedRange range) ->
                    share.leaveOut(part.offset(), range.nextOffset() - 1, range.toString());
                case ReadOutcome.StorageFailed<LogSlice>(String reason) -> throw new KafkaStorageException(reason);
                case ReadOutcome.Deleted<LogSlice> _ -> throw new UnknownTopicOrPartitionException();
            }
        }
        return new Look.Nothing();
    }

    private static long endOfAborted(LogSlice slice, long offset) {
        try {
            return BatchSpan.endOfAborted(slice, offset);
        } catch (IOException e) {
            throw new KafkaStorageException(e.getMessage(), e);
        }
    }

    private Isolation isolation() {
        return share.rules().readCommitted() ? Isolation.READ_COMMITTED : Isolation.READ_UNCOMMITTED;
    }

    private Look look(LogSlice slice, long offset, Offsets offsets, int wanted) {
        long end = isolation().endOf(offsets);
        try {
            var spans = BatchSpan.of(slice, offset, end, wanted);
            return spans.isEmpty() ? new Look.Nothing() : new Look.Batches(spans, slice);
        } catch (IOException e) {
            throw new KafkaStorageException(e.getMessage(), e);
        }
    }
}
