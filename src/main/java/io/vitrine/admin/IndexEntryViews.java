package io.vitrine.admin;

import io.vitrine.log.AbortedTransaction;
import io.vitrine.log.OffsetIndexEntry;
import io.vitrine.log.TimeIndexEntry;
import org.jspecify.annotations.Nullable;

/// The entries of a segment's three indexes, decoded.
final class IndexEntryViews {
    private IndexEntryViews() {}

    /// @param offset the last one of the batch that begins at `position`
    record OffsetView(int entry, long offset, int position) {
        static OffsetView of(int number, OffsetIndexEntry entry) {
            return new OffsetView(number, entry.offset(), entry.position());
        }
    }

    /// @param timestamp the greatest one up to here
    /// @param offset the last one of the batch that has it
    record TimeView(int entry, long timestamp, @Nullable String timestampIso, long offset) {
        static TimeView of(int number, TimeIndexEntry entry) {
            return new TimeView(number, entry.timestamp(), Timestamps.iso(entry.timestamp()), entry.offset());
        }
    }

    /// @param lastOffset that of the abort marker
    record TransactionView(int entry, long producerId, long firstOffset, long lastOffset, long lastStableOffset) {
        static TransactionView of(int number, AbortedTransaction entry) {
            return new TransactionView(
                    number, entry.producerId(), entry.firstOffset(), entry.lastOffset(), entry.lastStableOffset());
        }
    }
}
