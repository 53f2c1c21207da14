package io.vitrine.share;

import java.util.List;

/// What a member says of some records.
///
/// @param types one for all of them, or one for each
public record Acknowledgement(long firstOffset, long lastOffset, List<AcknowledgeType> types) {
    public Acknowledgement {
        if (firstOffset > lastOffset
                || types.isEmpty()
                || (types.size() > 1 && types.size() != lastOffset - firstOffset + 1)) {
            throw new IllegalArgumentException(
                    "%d types do not go with the offsets %d to %d".formatted(types.size(), firstOffset, lastOffset));
        }
        types = List.copyOf(types);
    }

    AcknowledgeType typeOf(long offset) {
        return types.get(types.size() == 1 ? 0 : (int) (offset - firstOffset));
    }

    /// The last offset up to `limit` of which the same is said as of `offset`.
    long endOfRun(long offset, long limit) {
        if (types.size() == 1) {
            return limit;
        }
        var type = typeOf(offset);
        long end = offset;
        while (end < limit && typeOf(end + 1) == type) {
            end++;
        }
        return end;
    }
}
