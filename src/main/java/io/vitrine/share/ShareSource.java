package io.vitrine.share;

import io.vitrine.partition.Partition;
import io.vitrine.partition.ReadOutcome;
import io.vitrine.record.BatchSlice;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.apache.kafka.common.errors.CorruptRecordException;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.jspecify.annotations.Nullable;

/// A share partition together with the log of its records.
record ShareSource(SharePartition share, Partition partition) {

    /// What could be given to a member.
    ///
    /// @param slice null if there is nothing
    record Look(List<BatchSpan> spans, @Nullable BatchSlice slice) {
        static final Look NOTHING = new Look(List.of(), null);

        int sizeInBytes() {
            return spans.isEmpty() ? 0 : spans.getLast().sizeInBytes();
        }
    }

    /// Looks at what could be given; nobody gets it by that.
    ///
    /// @throws RuntimeException Kafka's, if it can't be read
    Look look(int maxBytes) {
        var offset = share.findFetchOffset();
        return offset.isEmpty() ? Look.NOTHING : look(offset.getAsLong(), maxBytes, true);
    }

    private Look look(long offset, int maxBytes, boolean mayMove) {
        return switch (partition.read(offset, maxBytes)) {
            case ReadOutcome.Batches(var slice, var offsets) ->
                slice.isEmpty()
                        ? Look.NOTHING
                        : new Look(
                                visible(
                                        BatchSpan.of(slice, offset),
                                        share.rules().readCommitted()
                                                ? offsets.lastStableOffset()
                                                : offsets.highWatermark()),
                                slice);
            case ReadOutcome.OutOfRange(long requested, var offsets) -> {
                if (!mayMove || requested >= offsets.logStartOffset()) {
                    yield Look.NOTHING;
                }
                share.startAt(offsets.logStartOffset());
                OptionalLong next = share.findFetchOffset();
                yield next.isEmpty() ? Look.NOTHING : look(next.getAsLong(), maxBytes, false);
            }
            case ReadOutcome.Damaged(var range) -> throw new CorruptRecordException(range.toString());
            case ReadOutcome.StorageFailed(String reason) -> throw new KafkaStorageException(reason);
        };
    }

    private static List<BatchSpan> visible(List<BatchSpan> spans, long end) {
        var visible = new ArrayList<BatchSpan>();
        for (var span : spans) {
            if (span.lastOffset() < end) {
                visible.add(span);
            }
        }
        return visible;
    }
}
