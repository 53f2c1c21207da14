package io.vitrine.log;

import io.vitrine.record.BatchSlice;
import io.vitrine.record.RecordBatch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/// Finds and reads batches of one segment. The bytes up to a size that was published once never change, so reading
/// needs no lock.
final class SegmentReader {
    /// Which offset is next is not known.
    static final long UNKNOWN = Long.MIN_VALUE;

    private static final int READ_AHEAD_BYTES = 4 * 1024;
    private static final int MAX_UNCHECKED_BYTES = 1024 * 1024;

    private final long baseOffset;
    private final SegmentFile file;
    private final SegmentIndex index;
    private final DamagedRanges damaged;
    private volatile boolean gapsFound;

    SegmentReader(long baseOffset, SegmentFile file, SegmentIndex index, DamagedRanges damaged) {
        this.baseOffset = baseOffset;
        this.file = file;
        this.index = index;
        this.damaged = damaged;
    }

    /// Reads whole batches, beginning with the one that holds `offset` or is the first behind it, up to the first
    /// damaged range.
    ///
    /// @param extent how much of the file counts
    /// @param maxBytes how much to return; the first batch comes whole even if it is larger
    /// @throws UnsoundBytesException where bytes are no batch and that was not known
    BatchSlice read(long offset, Extent extent, int maxBytes) throws IOException {
        int end = extent.end();
        var found = find(offset, extent);
        int position = found.position();
        int first = found.sizeInBytes();
        if (first == 0) {
            return new BatchSlice(ByteBuffer.allocate(0), baseOffset, position);
        }
        requirePlausible(position, position + first, maxBytes);
        int limit = Math.min(endOfSound(position, end), position + Math.max(first, Math.min(maxBytes, end - position)));
        var bytes = readAt(position, limit - position);
        return new BatchSlice(trim(bytes, wholeBatches(bytes)), baseOffset, position);
    }

    /// Before so much is read that nobody has asked for, a batch's length has to be more than a claim.
    void requirePlausible(int position, int end, int maxBytes) throws IOException {
        if (end - position <= Math.max(maxBytes, MAX_UNCHECKED_BYTES)) {
            return;
        }
        var window = new SegmentWindow(file, end);
        var damage = window.findFrameDamage(position);
        if (damage == null) {
            damage = window.findChecksumDamage(position);
        }
        if (damage != null) {
            throw new UnsoundBytesException(file, position, damage);
        }
    }

    /// How much of a segment is looked at: up to a byte, before which all batches with lower offsets lie.
    ///
    /// @param closed will nothing follow?
    record Extent(int end, long nextOffset, boolean closed) {}

    /// From now on offsets may be missing here: every byte has been looked at, and none is damaged.
    void tolerateGaps() {
        gapsFound = true;
    }

    /// Can a batch with this base offset come where `expected` is next, or [#UNKNOWN]?
    boolean canFollow(long expected, long batchBaseOffset) {
        return batchBaseOffset == expected
                || expected == UNKNOWN
                || (batchBaseOffset > expected && (gapsFound || damaged.areGapsAllowed()));
    }

    /// A batch; one without bytes is the end of the segment.
    record Found(int position, int sizeInBytes) {}

    /// Where the batch begins that holds `offset`, or the first behind it; the end if there is none.
    ///
    /// @throws UnsoundBytesException where bytes are no batch and that was not known, or batches are missing
    int positionOf(long offset, Extent extent) throws IOException {
        return find(offset, extent).position();
    }

    /// The batch that holds `offset`, or the first behind it.
    ///
    /// @throws UnsoundBytesException where bytes are no batch and that was not known, or batches are missing
    Found find(long offset, Extent extent) throws IOException {
        int end = extent.end();
        if (!extent.closed() && offset >= extent.nextOffset()) {
            // Nothing that counts is there yet. What the index says of it may be newer than the extent.
            return new Found(end, 0);
        }
        var ranges = damaged.of(baseOffset);
        var headers = new Headers(end);
        var at = startFor(offset, headers, ranges);
        while (true) {
            at = behind(ranges, at);
            if (at.position() >= end) {
                if (offset < extent.nextOffset() && !canFollow(at.nextOffset(), extent.nextOffset())) {
                    throw missing(end, at.nextOffset());
                }
                return new Found(end, 0);
            }
            var batch = headers.at(at.position());
            if (!canFollow(at.nextOffset(), batch.baseOffset())) {
                throw new UnsoundBytesException(file, at.position(), "base offset " + batch.baseOffset());
            }
            int size = batch.sizeInBytes();
            var next = new Place(at.position() + size, batch.nextOffset());
            if (batch.lastOffset() >= offset) {
                if (offset > batch.baseOffset()) {
                    requireFollower(next, extent, headers, ranges);
                }
                return new Found(at.position(), size);
            }
            at = next;
        }
    }

    /// Where a batch begins, and which offset is next there, or [#UNKNOWN].
    private record Place(int position, long nextOffset) {}

    /// Batch headers up to a byte of the file, read a few at a time.
    private final class Headers {
        private final int end;
        private final ByteBuffer bytes;
        private int start;

        Headers(int end) {
            this.end = end;
            this.bytes = ByteBuffer.allocate(Math.min(end, READ_AHEAD_BYTES)).limit(0);
        }

        /// Good until the next call.
        RecordBatch at(int position) throws IOException {
            if (position < start || position + RecordBatch.HEADER_SIZE_IN_BYTES > start + bytes.limit()) {
                load(position);
            }
            return requireSound(RecordBatch.at(bytes, position - start), position, end);
        }

        private void load(int position) throws IOException {
            if (end - position < RecordBatch.HEADER_SIZE_IN_BYTES) {
                throw new UnsoundBytesException(file, position, "no room for a batch");
            }
            fill(bytes.clear().limit(Math.min(bytes.capacity(), end - position)), position);
            start = position;
        }
    }

    /// A batch that claims an offset behind its first one may claim too much: what follows must begin where it ends.
    private void requireFollower(Place place, Extent extent, Headers headers, List<DamagedRange> ranges)
            throws IOException {
        if (!behind(ranges, place).equals(place)) {
            return;
        }
        if (place.position() < extent.end()) {
            long found = headers.at(place.position()).baseOffset();
            if (!canFollow(place.nextOffset(), found)) {
                throw new UnsoundBytesException(file, place.position(), "base offset " + found);
            }
        } else if (extent.closed() && !canFollow(place.nextOffset(), extent.nextOffset())) {
            throw missing(place.position(), place.nextOffset());
        }
    }

    private UnsoundBytesException missing(int position, long offset) {
        return new UnsoundBytesException(file, position, "its end, not offset " + offset);
    }

    /// Where the index says that walking has to begin. An entry must lead to the batch that it names, unless that has
    /// been found damaged since.
    private Place startFor(long offset, Headers headers, List<DamagedRange> ranges) throws IOException {
        var entry = index.floor(offset);
        int position = entry.position();
        for (var range : ranges) {
            if (position >= range.position() && position < range.endPosition()) {
                return new Place(range.endPosition(), range.nextOffset());
            }
        }
        if (position == 0) {
            return new Place(0, baseOffset);
        }
        if (position >= headers.end || headers.at(position).lastOffset() != entry.offset()) {
            throw noBatchOf(entry);
        }
        return new Place(position, UNKNOWN);
    }

    /// An index entry is believed when the batch that it names is there.
    void requireLeadsTo(OffsetIndexEntry entry, int end) throws IOException {
        if (entry.position() >= end || batchAt(entry.position(), end).lastOffset() != entry.offset()) {
            throw noBatchOf(entry);
        }
    }

    private UnsoundBytesException noBatchOf(OffsetIndexEntry entry) {
        return new UnsoundBytesException(file, entry.position(), "no batch that ends with offset " + entry.offset());
    }

    /// The header of the batch at `position`.
    RecordBatch batchAt(int position, int end) throws IOException {
        if (end - position < RecordBatch.HEADER_SIZE_IN_BYTES) {
            throw new UnsoundBytesException(file, position, "no room for a batch");
        }
        return requireSound(RecordBatch.at(readAt(position, RecordBatch.HEADER_SIZE_IN_BYTES), 0), position, end);
    }

    /// What is known to be damaged of this segment.
    List<DamagedRange> damaged() {
        return damaged.of(baseOffset);
    }

    /// The damaged range that begins at `position`; empty if there is none.
    Optional<DamagedRange> damageAt(int position) {
        return damaged.of(baseOffset).stream()
                .filter(range -> range.position() == position && range.sizeInBytes() > 0)
                .findFirst();
    }

    /// The greatest timestamp of the first batch; -1 where it can't be told, which must not keep anybody from
    /// appending.
    long firstTimestamp(int end) throws IOException {
        try {
            return damageAt(0).isPresent()
                    ? RecordBatch.NO_TIMESTAMP
                    : batchAt(0, end).maxTimestamp();
        } catch (UnsoundBytesException e) {
            return RecordBatch.NO_TIMESTAMP;
        }
    }

    /// Fills `target` from `position` on, with what the file has.
    void read(ByteBuffer target, long position) throws IOException {
        file.read(target, position);
    }

    /// What a header claims, if it can be true.
    private RecordBatch requireSound(RecordBatch batch, int position, int end) throws UnsoundBytesException {
        int size = batch.sizeInBytes();
        if (size < RecordBatch.HEADER_SIZE_IN_BYTES || size > end - position) {
            throw new UnsoundBytesException(file, position, "a batch length of " + batch.batchLength());
        }
        if (batch.magic() != RecordBatch.CURRENT_MAGIC || batch.lastOffsetDelta() < 0) {
            throw new UnsoundBytesException(file, position, "no batch header");
        }
        return batch;
    }

    /// The place behind the damaged ranges that begin here, or the same place.
    private static Place behind(List<DamagedRange> ranges, Place place) {
        var at = place;
        for (var range : ranges) {
            if (range.position() == at.position()) {
                at = new Place(range.endPosition(), range.nextOffset());
            }
        }
        return at;
    }

    /// Where the next damaged range begins behind `position`, or the end.
    int endOfSound(int position, int end) {
        for (var range : damaged.of(baseOffset)) {
            if (range.position() > position) {
                return Math.min(end, range.position());
            }
        }
        return end;
    }

    /// All of these bytes.
    ByteBuffer readAt(int position, int count) throws IOException {
        return fill(ByteBuffer.allocate(count), position);
    }

    private ByteBuffer fill(ByteBuffer bytes, int position) throws IOException {
        int count = bytes.remaining();
        file.read(bytes, position);
        if (bytes.hasRemaining()) {
            throw new UnsoundBytesException(file, position + bytes.position(), "its end, not " + count + " bytes");
        }
        return bytes.flip();
    }

    /// Cuts the buffer to `size`; where little of it is left, the rest is not held on to. Many such slices make one
    /// answer.
    private static ByteBuffer trim(ByteBuffer bytes, int size) {
        return size >= bytes.capacity() / 2
                ? bytes.limit(size)
                : ByteBuffer.allocate(size).put(bytes.limit(size)).flip();
    }

    /// Walks over the batches from one that begins at `position`, up to the last that ends at or before `limit`, or
    /// the first that can't be, as below.
    ///
    /// @return where the last one ends
    int walk(int position, int limit) throws IOException {
        var window = new SegmentWindow(file, limit, READ_AHEAD_BYTES);
        int end = position;
        long next = UNKNOWN;
        while (limit - end >= RecordBatch.HEADER_SIZE_IN_BYTES) {
            var batch = window.batchAt(end);
            int size = batch.sizeInBytes();
            if (size < RecordBatch.HEADER_SIZE_IN_BYTES || size > limit - end || !canFollow(next, batch.baseOffset())) {
                break;
            }
            next = batch.nextOffset();
            end += size;
        }
        return end;
    }

    /// Bytes of the whole batches at the beginning. One that can't be is left for the read that begins with it, which
    /// names the damage.
    private int wholeBatches(ByteBuffer bytes) {
        int end = 0;
        long next = UNKNOWN;
        while (bytes.limit() - end >= RecordBatch.HEADER_SIZE_IN_BYTES) {
            var batch = RecordBatch.at(bytes, end);
            int size = batch.sizeInBytes();
            if (size < RecordBatch.HEADER_SIZE_IN_BYTES
                    || size > bytes.limit() - end
                    || !canFollow(next, batch.baseOffset())) {
                break;
            }
            next = batch.nextOffset();
            end += size;
        }
        return end;
    }
}
