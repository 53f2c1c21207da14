package io.vitrine.log;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// Where to start reading a segment for an offset: Apache Kafka's `.index` file, held in memory. Integers are
/// big-endian, offsets are relative to the segment's base offset:
/// ```
///   .log    | batch 40..43 | batch 44..44 | batch 45..71 | …
///   .index  |                             | 31 → 180     |     about one entry per index.interval.bytes
///
///   0  relativeOffset  4  last offset of the batch that begins at the position
///   4  position        4
/// ```
/// Which batches get an entry is for [SegmentIndexes] to say. Thread-safe: readers look things up while the owner
/// adds.
final class OffsetIndex {
    static final int ENTRY_SIZE_IN_BYTES = 8;
    private static final int INITIAL_CAPACITY = 16;

    private final long baseOffset;
    private int[] relativeOffsets;
    private int[] positions;
    private int count;

    OffsetIndex(long baseOffset) {
        this(baseOffset, INITIAL_CAPACITY);
    }

    private OffsetIndex(long baseOffset, int capacity) {
        this.baseOffset = baseOffset;
        this.relativeOffsets = new int[capacity];
        this.positions = new int[capacity];
    }

    /// The index that a file holds; empty if these bytes can't be one. Zeros at the end are no entries: Kafka makes
    /// the file at full size and cuts it when the segment is closed, so a crash leaves them behind.
    static Optional<OffsetIndex> decode(long baseOffset, ByteBuffer file) {
        if (file.remaining() % ENTRY_SIZE_IN_BYTES != 0) {
            return Optional.empty();
        }
        var entries = file.slice();
        int end = entries.limit();
        while (end > 0 && entries.getLong(end - ENTRY_SIZE_IN_BYTES) == 0) {
            end -= ENTRY_SIZE_IN_BYTES;
        }
        entries.limit(end);
        var index = new OffsetIndex(baseOffset, end / ENTRY_SIZE_IN_BYTES);
        while (entries.hasRemaining()) {
            int relativeOffset = entries.getInt();
            int position = entries.getInt();
            if (!index.goesOnWith(relativeOffset, position)) {
                return Optional.empty();
            }
            index.append(relativeOffset, position);
        }
        return Optional.of(index);
    }

    /// The bytes of the file, without room for more.
    synchronized ByteBuffer encode() {
        var bytes = ByteBuffer.allocate(sizeInBytes());
        for (int i = 0; i < count; i++) {
            bytes.putInt(relativeOffsets[i]).putInt(positions[i]);
        }
        return bytes.flip();
    }

    /// Adds the batch that begins at `position` and ends with `lastOffset`; both are greater than those before.
    synchronized void add(long lastOffset, int position) {
        long relativeOffset = lastOffset - baseOffset;
        if (relativeOffset < 0 || relativeOffset > Integer.MAX_VALUE || !goesOnWith((int) relativeOffset, position)) {
            throw new IllegalStateException("No entry for offset %d at position %d may follow %s in the index of %d"
                    .formatted(lastOffset, position, count == 0 ? "nothing" : entry(count - 1), baseOffset));
        }
        append((int) relativeOffset, position);
    }

    /// The greatest entry whose offset is not above `offset`; the beginning of the segment where there is none.
    synchronized OffsetIndexEntry floor(long offset) {
        long relativeOffset = Math.min(offset - baseOffset, Integer.MAX_VALUE);
        if (relativeOffset < 0) {
            return new OffsetIndexEntry(baseOffset, 0);
        }
        int found = Arrays.binarySearch(relativeOffsets, 0, count, (int) relativeOffset);
        int at = found >= 0 ? found : -found - 2;
        return at < 0 ? new OffsetIndexEntry(baseOffset, 0) : entry(at);
    }

    /// The first entry of a batch that begins at or behind `position`; empty if there is none.
    synchronized Optional<OffsetIndexEntry> ceilingByPosition(int position) {
        int found = Arrays.binarySearch(positions, 0, count, position);
        int at = found >= 0 ? found : -found - 1;
        return at < count ? Optional.of(entry(at)) : Optional.empty();
    }

    /// The last entry whose position is not above `position`; the beginning of the segment where there is none.
    synchronized OffsetIndexEntry floorByPosition(int position) {
        int found = Arrays.binarySearch(positions, 0, count, position);
        int at = found >= 0 ? found : -found - 2;
        return at < 0 ? new OffsetIndexEntry(baseOffset, 0) : entry(at);
    }

    /// Position of the last entry; 0 where there is none.
    synchronized int lastPosition() {
        return count == 0 ? 0 : positions[count - 1];
    }

    synchronized int count() {
        return count;
    }

    synchronized int sizeInBytes() {
        return count * ENTRY_SIZE_IN_BYTES;
    }

    /// At most `limit` entries, beginning with the one of index `from`.
    synchronized List<OffsetIndexEntry> entries(int from, int limit) {
        var entries = new ArrayList<OffsetIndexEntry>();
        for (int i = from; i < count && i - from < limit; i++) {
            entries.add(entry(i));
        }
        return entries;
    }

    /// Drops the entries of batches that begin at `position` or behind it.
    synchronized void truncateTo(int position) {
        int found = Arrays.binarySearch(positions, 0, count, position);
        count = found >= 0 ? found : -found - 1;
    }

    private boolean goesOnWith(int relativeOffset, int position) {
        return count == 0
                ? relativeOffset >= 0 && position > 0
                : relativeOffset > relativeOffsets[count - 1] && position > positions[count - 1];
    }

    private void append(int relativeOffset, int position) {
        if (count == positions.length) {
            int capacity = Math.max(INITIAL_CAPACITY, count * 2);
            relativeOffsets = Arrays.copyOf(relativeOffsets, capacity);
            positions = Arrays.copyOf(positions, capacity);
        }
        relativeOffsets[count] = relativeOffset;
        positions[count] = position;
        count++;
    }

    private OffsetIndexEntry entry(int i) {
        return new OffsetIndexEntry(baseOffset + relativeOffsets[i], positions[i]);
    }
}
