package io.vitrine.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/// Where reading through a segment begins, so that an offset is met: at a batch that the index files lead to, or at
/// the first byte.
///
/// @param offset base offset of the batch at `position`
/// @param offsets what the files hold up to that batch; null where reading begins at the first byte
record SegmentStart(
        long baseOffset,
        int position,
        long offset,
        @Nullable OffsetIndex offsets,
        @Nullable TimeIndex times) {
    private static final int MAX_INDEX_BYTES = 64 * 1024 * 1024;

    /// The nearest place before `wanted` that the index files name and the segment confirms.
    static SegmentStart find(LogFiles files, SegmentFile file, long baseOffset, long wanted) throws IOException {
        var beginning = new SegmentStart(baseOffset, 0, baseOffset, null, null);
        if (wanted <= baseOffset
                || !files.exists(baseOffset, LogFiles.OFFSET_INDEX)
                || !files.exists(baseOffset, LogFiles.TIME_INDEX)) {
            return beginning;
        }
        var offsets = OffsetIndex.decode(baseOffset, read(files, baseOffset, LogFiles.OFFSET_INDEX));
        var times = TimeIndex.decode(baseOffset, read(files, baseOffset, LogFiles.TIME_INDEX));
        if (offsets.isEmpty() || times.isEmpty()) {
            return beginning;
        }
        var entry = offsets.get().floor(wanted);
        var window = new SegmentWindow(file, Math.min(Integer.MAX_VALUE, file.sizeInBytes()));
        if (entry.position() == 0
                || window.findFrameDamage(entry.position()) != null
                || window.findChecksumDamage(entry.position()) != null) {
            return beginning;
        }
        var batch = window.batchAt(entry.position());
        if (batch.lastOffset() != entry.offset()) {
            return beginning;
        }
        // The window moves on.
        long offset = batch.baseOffset();
        offsets.get().truncateTo(entry.position() + 1);
        times.get().truncateTo(entry.offset() + 1);
        if (!isComplete(times.get(), offsets.get(), window, entry.position())) {
            return beginning;
        }
        return new SegmentStart(baseOffset, entry.position(), offset, offsets.get(), times.get());
    }

    /// A time index that lost its end looks like a sound one: is no batch after its last entry younger?
    ///
    /// @param lastPosition of the last batch that it must cover
    private static boolean isComplete(TimeIndex times, OffsetIndex offsets, SegmentWindow window, int lastPosition)
            throws IOException {
        var last = times.last();
        if (last.isEmpty()) {
            return false;
        }
        boolean met = false;
        for (long at = offsets.floor(last.get().offset()).position(); at <= lastPosition; ) {
            if (window.findFrameDamage(at) != null) {
                return false;
            }
            var batch = window.batchAt(at);
            if (batch.maxTimestamp() > last.get().timestamp()) {
                return false;
            }
            met |= batch.lastOffset() == last.get().offset()
                    && batch.maxTimestamp() == last.get().timestamp();
            at += batch.sizeInBytes();
        }
        return met;
    }

    /// Indexes to which the batches read from here on can be added.
    SegmentIndexes indexes(LogSettings.Segments settings) {
        return offsets == null || times == null
                ? newIndexes(baseOffset, settings)
                : new SegmentIndexes(baseOffset, settings.indexIntervalBytes(), settings.indexBytes(), offsets, times);
    }

    /// Is the batch at `batchPosition` in those indexes already?
    boolean isIndexed(int batchPosition) {
        return offsets != null && batchPosition == position;
    }

    static SegmentIndexes newIndexes(long baseOffset, LogSettings.Segments settings) {
        return new SegmentIndexes(baseOffset, settings.indexIntervalBytes(), settings.indexBytes());
    }

    /// What a new segment takes off `segment.ms`, so that many partitions do not begin a segment at once.
    static long drawJitter(LogSettings.Segments settings) {
        return settings.jitterMs() == 0
                ? 0
                : ThreadLocalRandom.current().nextLong(Math.min(settings.jitterMs(), settings.ms()));
    }

    private static ByteBuffer read(LogFiles files, long baseOffset, String suffix) throws IOException {
        return SmallFile.read(files.disk(), files.path(baseOffset, suffix), MAX_INDEX_BYTES);
    }
}
