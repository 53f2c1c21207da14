package io.vitrine.share;

import io.vitrine.record.BatchSlice;
import java.util.ArrayList;
import java.util.List;

/// Which offsets a batch of the log covers.
///
/// @param sizeInBytes up to its end, from the beginning of what was read
record BatchSpan(long firstOffset, long lastOffset, int sizeInBytes) {

    /// Those of a read from `offset` on. The first begins where was asked for: what the log no longer has before it
    /// is given out with it, and the member says that it is not there.
    static List<BatchSpan> of(BatchSlice slice, long offset) {
        var spans = new ArrayList<BatchSpan>();
        long next = offset;
        for (var batch : slice.batches()) {
            if (batch.lastOffset() >= next) {
                spans.add(new BatchSpan(next, batch.lastOffset(), batch.start() + batch.sizeInBytes()));
                next = batch.nextOffset();
            }
        }
        return spans;
    }
}
