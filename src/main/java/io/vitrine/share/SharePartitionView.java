package io.vitrine.share;

import io.vitrine.group.ShareKey;
import java.util.List;

/// A share partition at one moment.
///
/// @param startOffset all before it is done with
/// @param nextOffset from here on nobody was given anything
/// @param ranges what lies between, in order
/// @param unreadable the last records that were left out because they can't be read
public record SharePartitionView(
        ShareKey key,
        long startOffset,
        long nextOffset,
        List<InFlightRange> ranges,
        List<UnreadableRecords> unreadable) {}
