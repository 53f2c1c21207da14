package io.vitrine.share;

import io.vitrine.log.LogSlice;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// Which offsets a batch of the log covers.
///
/// @param sizeInBytes up to its end, from the beginning of what was read
record BatchSpan(long firstOffset, long lastOffset, int sizeInBytes) {

    /// Those of a read from `offset` on that end before `end`, until they cover as many offsets as are wanted. The
    /// first begins where was asked for: what the log no longer has before it is given out with it, and the member
    /// says that it is not there.
    static List<BatchSpan> of(LogSlice slice, long offset, long end, int wanted) throws IOException {
        var spans = new ArrayList<BatchSpan>();
        long next = offset;
        var walk = slice.walk();
        for (var batch = walk.next(); batch != null && next - offset < wanted; batch = walk.next()) {
            if (batch.lastOffset() >= end) {
                break;
            }
            if (batch.lastOffset() >= next) {
                spans.add(new BatchSpan(next, batch.lastOffset(), walk.end()));
                next = batch.nextOffset();
            }
        }
        return spans;
    }
}
