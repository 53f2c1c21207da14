package io.vitrine.log;

import io.vitrine.record.RecordBatch;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// Goes over the batch headers of a segment, as far as it reaches at the beginning, past what is known to be damaged.
/// For one thread.
final class SegmentWalk {
    private final Segment segment;
    private final SegmentWindow window;
    private int position;

    /// @param position where a batch begins
    SegmentWalk(Segment segment, int position) {
        this.segment = segment;
        this.window = new SegmentWindow(segment.file(), segment.sizeInBytes());
        this.position = position;
    }

    /// The next header, good until the next call; null at the end.
    ///
    /// @throws UnsoundBytesException where bytes are no batch and that was not known
    @Nullable
    RecordBatch next() throws IOException {
        position = segment.reader().behindDamage(position);
        if (position >= window.size()) {
            return null;
        }
        var damage = window.findFrameDamage(position);
        if (damage != null) {
            throw new UnsoundBytesException(segment.file(), position, damage);
        }
        var batch = window.batchAt(position);
        position += batch.sizeInBytes();
        return batch;
    }
}
