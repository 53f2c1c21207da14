package io.vitrine.log;

import java.io.IOException;
import java.nio.ByteBuffer;

/// Finds what of a segment can be sent to a client without being read: a region of its file, from one batch to the
/// end of another. What is not known to be sound is walked over first, header by header. Thread-safe.
final class SegmentFetch {
    private static final int LOAD_BYTES = 256 * 1024;
    // The last that was appended is in the page cache.
    private static final int WARM_TAIL_BYTES = 16 * 1024 * 1024;

    private final SegmentReader reader;
    private final SegmentFile file;
    private final SegmentIndex index;
    private final SoundExtents sound;

    /// @param appendedFrom where this process began to append
    SegmentFetch(SegmentReader reader, SegmentFile file, SegmentIndex index, int appendedFrom) {
        this.reader = reader;
        this.file = file;
        this.index = index;
        this.sound = new SoundExtents(appendedFrom);
    }

    /// Whole batches, beginning with the one that holds `offset` or is the first behind it, up to the first damaged
    /// range.
    ///
    /// @param maxBytes how much to return; the first batch comes whole even if it is larger
    /// @throws UnsoundBytesException where bytes are no batch and that was not known
    LogSlice read(long offset, SegmentReader.Extent extent, int maxBytes) throws IOException {
        var first = reader.find(offset, extent);
        if (first.sizeInBytes() == 0) {
            return new LogSlice.InMemory(ByteBuffer.allocate(0));
        }
        int position = first.position();
        int end = reader.endOfSound(position, extent.end());
        int firstEnd = position + first.sizeInBytes();
        if (firstEnd > end) {
            throw new UnsoundBytesException(file, position, "a batch that reaches into damaged bytes");
        }
        if (!sound.holds(position, firstEnd)) {
            reader.requirePlausible(position, firstEnd, maxBytes);
        }
        int limit = Math.max(firstEnd, position + Math.min(maxBytes, end - position));
        int count = endOfBatches(position, firstEnd, limit, end) - position;
        return file.canBePinned()
                ? new LogSlice.InFile(file, position, count)
                : new LogSlice.InMemory(reader.readAt(position, count));
    }

    /// Where the last batch ends that ends at or before `limit`.
    private int endOfBatches(int position, int firstEnd, int limit, int end) throws IOException {
        if (!sound.holds(position, limit)) {
            int walked = reader.walk(position, limit);
            sound.add(position, walked);
            return walked;
        }
        if (limit == firstEnd || limit == end) {
            return limit;
        }
        var entry = index.floorByPosition(limit);
        if (entry.position() < firstEnd) {
            return reader.walk(position, limit);
        }
        reader.requireLeadsTo(entry, end);
        return entry.position();
    }

    /// An offset behind all records of `slice`, which was read from this segment; as near as the index knows.
    long boundOf(LogSlice slice, SegmentReader.Extent extent) throws IOException {
        if (!(slice instanceof LogSlice.InFile inFile)) {
            return extent.nextOffset();
        }
        var entry = index.ceilingByPosition(inFile.position() + inFile.sizeInBytes());
        if (entry.isEmpty() || entry.get().position() >= extent.end()) {
            return extent.nextOffset();
        }
        reader.requireLeadsTo(entry.get(), extent.end());
        return entry.get().offset();
    }

    /// Would reading there have to wait for the disk?
    boolean isCold(long offset, SegmentReader.Extent extent, int maxBytes) throws IOException {
        if (!extent.closed() && offset >= extent.nextOffset()) {
            return false;
        }
        var entry = index.floorInMemory(offset);
        if (entry.isEmpty()) {
            return true;
        }
        int from = entry.get().position();
        int end = extent.end();
        if (from >= end || (end - from <= WARM_TAIL_BYTES && !extent.closed() && sound.holdsFrom(from))) {
            return false;
        }
        return !file.isInPageCache(from, (int) Math.min(end - from, (long) maxBytes + LOAD_BYTES));
    }

    /// Brings what a read there needs from the disk into the page cache. Its headers will be walked over again: on
    /// the disk, bits may have changed.
    ///
    /// @return how many bytes
    int load(long offset, SegmentReader.Extent extent, int maxBytes) throws IOException {
        int from = index.floor(offset).position();
        int to = (int) Math.min(extent.end(), (long) from + maxBytes + LOAD_BYTES);
        if (from >= to) {
            return 0;
        }
        var buffer = ByteBuffer.allocate(Math.min(LOAD_BYTES, to - from));
        // A file may end so near to the greatest int that the next step leaves it.
        for (long at = from; at < to; at += buffer.capacity()) {
            file.read(buffer.clear().limit((int) Math.min(buffer.capacity(), to - at)), at);
        }
        sound.forget(from, to);
        if (file.canBePinned()) {
            // Opened here, so that who sends from it need not.
            file.pin().close();
        }
        return to - from;
    }
}
