package io.vitrine.share;

import io.vitrine.log.LogSlice;
import io.vitrine.record.RecordBatch;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// Which offsets a batch of the log covers.
///
/// @param sizeInBytes up to its end, from the beginning of what was read
record BatchSpan(long firstOffset, long lastOffset, int sizeInBytes) {

    /// Those of a read from `offset` on that end before `end`, until they cover as many offsets as are wanted, or up to
    /// one whose transaction was aborted. The first begins where was asked for: what the log no longer has before
    /// it is given out with it, and the member says that it is not there.
    static List<BatchSpan> of(LogSlice slice, long offset, long end, int wanted) throws IOException {
        var spans = new ArrayList<BatchSpan>();
        long next = offset;
        var walk = slice.walk();
        for (var batch = walk.next(); batch != null && next - offset < wanted; batch = walk.next()) {
            if (batch.lastOffset() >= end || isAborted(batch, slice)) {
                break;
            }
            if (batch.lastOffset() >= next) {
                spans.add(new BatchSpan(next, batch.lastOffset(), walk.end()));
                next = batch.nextOffset();
            }
        }
        return spans;
    }

    /// Where the aborted batches end that a read from `offset` on begins with; `offset` itself if the first is none.
    static long endOfAborted(LogSlice slice, long offset) throws IOException {
        long next = offset;
        if (!slice.aborted().isEmpty()) {
            var walk = slice.walk();
            for (var batch = walk.next(); batch != null && isAborted(batch, slice); batch = walk.next()) {
                next = batch.nextOffset();
            }
        }
        return next;
    }

    private static boolean isAborted(RecordBatch batch, LogSlice slice) {
        for (var aborted : slice.aborted()) {
            if (aborted.producerId() == batch.producerId()
                    && aborted.firstOffset() <= batch.baseOffset()
                    && aborted.lastOffset() > batch.lastOffset()
                    && batch.attributes().isTransactional()
                    && !batch.attributes().isControl()) {
                return true;
            }
        }
        return false;
    }
}
