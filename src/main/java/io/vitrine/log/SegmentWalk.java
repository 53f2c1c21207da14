package io.vitrine.log;

import io.vitrine.record.RecordBatch;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// Goes over the batch headers of a segment, as far as it reaches at the beginning, past what is known to be damaged.
/// For one thread.
final class SegmentWalk {
    private final Segment segment;
    private final SegmentWindow window;
    private final boolean checksums;
    private int position;
    private long nextOffset = SegmentReader.UNKNOWN;

    /// @param position where a batch begins
    /// @param checksums is each batch to be read as a whole and compared with its checksum?
    SegmentWalk(Segment segment, int position, boolean checksums) {
        this.segment = segment;
        this.window = new SegmentWindow(segment.file(), segment.sizeInBytes());
        this.position = position;
        this.checksums = checksums;
    }

    /// The next header, good until the next call; null at the end.
    ///
    /// @throws UnsoundBytesException where bytes are no batch and that was not known
    @Nullable
    RecordBatch next() throws IOException {
        var reader = segment.reader();
        for (var range = reader.damageAt(position); range.isPresent(); range = reader.damageAt(position)) {
            position = range.get().endPosition();
            nextOffset = range.get().nextOffset();
        }
        if (position >= window.size()) {
            return null;
        }
        var damage = findDamage();
        if (damage != null) {
            throw new UnsoundBytesException(segment.file(), position, damage);
        }
        var batch = window.batchAt(position);
        position += batch.sizeInBytes();
        nextOffset = batch.nextOffset();
        return batch;
    }

    private @Nullable String findDamage() throws IOException {
        var damage = window.findFrameDamage(position);
        if (damage == null && checksums) {
            damage = window.findChecksumDamage(position);
        }
        if (damage != null) {
            return damage;
        }
        long found = window.batchAt(position).baseOffset();
        return segment.reader().canFollow(nextOffset, found) ? null : "base offset " + found;
    }
}
