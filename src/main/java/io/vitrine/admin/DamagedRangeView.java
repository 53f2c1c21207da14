package io.vitrine.admin;

import io.vitrine.log.DamagedRange;
import java.util.List;

/// Bytes of a segment that are no sound batches, with sound ones behind them.
///
/// @param position byte in the segment file at which they begin
/// @param firstOffset the offset expected there
/// @param nextOffset the first one behind them
record DamagedRangeView(long position, long sizeBytes, long firstOffset, long nextOffset, String reason) {
    static List<DamagedRangeView> listOf(List<DamagedRange> ranges) {
        return ranges.stream().map(DamagedRangeView::of).toList();
    }

    static DamagedRangeView of(DamagedRange range) {
        return new DamagedRangeView(
                range.position(), range.sizeInBytes(), range.firstOffset(), range.nextOffset(), range.reason());
    }
}
