package io.vitrine.log;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// From which offset on a segment may hold records as young as a timestamp: Apache Kafka's `.timeindex` file, held in
/// memory. Integers are big-endian, offsets are relative to the segment's base offset:
/// ```
///   0  timestamp       8  greatest timestamp of all batches up to here
///   8  relativeOffset  4  last offset of the batch that has it
/// ```
/// Timestamps rise from entry to entry, offsets don't fall. The last entry of a closed segment holds its greatest
/// timestamp, by which it is deleted. Which batches get an entry is for [SegmentIndexes] to say.
/// Thread-safe: readers look things up while the owner adds.
final class TimeIndex {
    static final int ENTRY_SIZE_IN_BYTES = 12;
    private static final int INITIAL_CAPACITY = 16;

    private final long baseOffset;
    private long[] timestamps;
    private int[] relativeOffsets;
    private int count;

    TimeIndex(long baseOffset) {
        this(baseOffset, INITIAL_CAPACITY);
    }

    private TimeIndex(long baseOffset, int capacity) {
        this.baseOffset = baseOffset;
        this.timestamps = new long[capacity];
        this.relativeOffsets = new int[capacity];
    }

    /// The index that a file holds; empty if these bytes can't be one. Zeros at the end are no entries, as in an
    /// [OffsetIndex].
    static Optional<TimeIndex> decode(long baseOffset, ByteBuffer file) {
        if (file.remaining() % ENTRY_SIZE_IN_BYTES != 0) {
            return Optional.empty();
        }
        var entries = file.slice();
        int end = entries.limit();
        while (end > 0 && isZero(entries, end - ENTRY_SIZE_IN_BYTES)) {
            end -= ENTRY_SIZE_IN_BYTES;
        }
        entries.limit(end);
        var index = new TimeIndex(baseOffset, end / ENTRY_SIZE_IN_BYTES);
        while (entries.hasRemaining()) {
            if (!index.addIfNext(entries.getLong(), entries.getInt())) {
                return Optional.empty();
            }
        }
        return Optional.of(index);
    }

    /// The bytes of the file, without room for more.
    synchronized ByteBuffer encode() {
        var bytes = ByteBuffer.allocate(sizeInBytes());
        for (int i = 0; i < count; i++) {
            bytes.putLong(timestamps[i]).putInt(relativeOffsets[i]);
        }
        return bytes.flip();
    }

    /// Adds an entry, if its timestamp is greater than that of the last one and its offset is not lower.
    ///
    /// @return was it added?
    synchronized boolean maybeAdd(long timestamp, long offset) {
        long relativeOffset = offset - baseOffset;
        if (relativeOffset < 0 || relativeOffset > Integer.MAX_VALUE) {
            throw new IllegalStateException("The time index of %d can't hold offset %d".formatted(baseOffset, offset));
        }
        return addIfNext(timestamp, (int) relativeOffset);
    }

    /// The last entry whose timestamp is not above `timestamp`. No batch before its offset has a greater one.
    synchronized Optional<TimeIndexEntry> floor(long timestamp) {
        int found = Arrays.binarySearch(timestamps, 0, count, timestamp);
        int at = found >= 0 ? found : -found - 2;
        return at < 0 ? Optional.empty() : Optional.of(entry(at));
    }

    synchronized Optional<TimeIndexEntry> last() {
        return count == 0 ? Optional.empty() : Optional.of(entry(count - 1));
    }

    synchronized int count() {
        return count;
    }

    synchronized int sizeInBytes() {
        return count * ENTRY_SIZE_IN_BYTES;
    }

    /// At most `limit` entries, beginning with the one of index `from`.
    synchronized List<TimeIndexEntry> entries(int from, int limit) {
        var entries = new ArrayList<TimeIndexEntry>();
        for (int i = from; i < count && i - from < limit; i++) {
            entries.add(entry(i));
        }
        return entries;
    }

    /// Drops the entries of `offset` and above.
    synchronized void truncateTo(long offset) {
        while (count > 0 && baseOffset + relativeOffsets[count - 1] >= offset) {
            count--;
        }
    }

    private boolean addIfNext(long timestamp, int relativeOffset) {
        boolean isNext = count == 0
                ? timestamp >= 0 && relativeOffset >= 0
                : timestamp > timestamps[count - 1] && relativeOffset >= relativeOffsets[count - 1];
        if (isNext) {
            append(timestamp, relativeOffset);
        }
        return isNext;
    }

    private void append(long timestamp, int relativeOffset) {
        if (count == timestamps.length) {
            int capacity = Math.max(INITIAL_CAPACITY, count * 2);
            timestamps = Arrays.copyOf(timestamps, capacity);
            relativeOffsets = Arrays.copyOf(relativeOffsets, capacity);
        }
        timestamps[count] = timestamp;
        relativeOffsets[count] = relativeOffset;
        count++;
    }

    private TimeIndexEntry entry(int i) {
        return new TimeIndexEntry(timestamps[i], baseOffset + relativeOffsets[i]);
    }

    private static boolean isZero(ByteBuffer entries, int at) {
        return entries.getLong(at) == 0 && entries.getInt(at + Long.BYTES) == 0;
    }
}
