package io.vitrine.log;

/// A part of a segment that can't be trusted: its bytes are no sound batch, or a batch whose offset or leader epoch
/// does not fit those around it. Nothing of it is handed out, and what follows it is not touched.
///
/// @param segmentBaseOffset names the segment file
/// @param position first byte of the range in that file
/// @param sizeInBytes 0 where records are missing altogether
/// @param firstOffset the first offset that can't be read
/// @param nextOffset the offset behind the range, which can
public record DamagedRange(
        long segmentBaseOffset, int position, int sizeInBytes, long firstOffset, long nextOffset, String reason) {
    public DamagedRange {
        if (position < 0 || sizeInBytes < 0 || firstOffset < segmentBaseOffset || nextOffset < firstOffset) {
            throw new IllegalArgumentException("segment %d, position %d, size %d, offsets %d to %d"
                    .formatted(segmentBaseOffset, position, sizeInBytes, firstOffset, nextOffset));
        }
    }

    /// Records that are not there at all, where a segment ends too early.
    static DamagedRange missing(long segmentBaseOffset, int position, long firstOffset, long nextOffset) {
        return new DamagedRange(segmentBaseOffset, position, 0, firstOffset, nextOffset, "the records are missing");
    }

    /// The same range with another end.
    DamagedRange upTo(long newNextOffset) {
        return new DamagedRange(segmentBaseOffset, position, sizeInBytes, firstOffset, newNextOffset, reason);
    }

    boolean holds(long offset) {
        return offset >= firstOffset && offset < nextOffset;
    }

    /// The byte behind the range.
    int endPosition() {
        return position + sizeInBytes;
    }

    @Override
    public String toString() {
        if (nextOffset == firstOffset) {
            return "no offset is lost, but %s, bytes %d to %d of segment %d"
                    .formatted(reason, position, endPosition(), segmentBaseOffset);
        }
        return "offsets %d to %d can't be read: %s, bytes %d to %d of segment %d"
                .formatted(firstOffset, nextOffset - 1, reason, position, endPosition(), segmentBaseOffset);
    }
}
