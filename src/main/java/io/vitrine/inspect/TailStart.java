package io.vitrine.inspect;

import java.util.List;

/// Finds where the last records of several partitions begin, in the order in which [TopicCursor] shows them: goes
/// through as many as could be among them and remembers the last ones.
public final class TailStart {
    private static final int MAX_RECORDS = 200_000;
    private static final long MAX_BYTES = 256L * 1024 * 1024;

    private TailStart() {}

    /// Too many records would have to be gone through.
    public static final class TooFarException extends Exception {
        private static final long serialVersionUID = 1;

        TooFarException(String message) {
            super(message);
        }
    }

    /// For each part the offset from which on its records are among the last `count` of all. `from` of the parts
    /// does not matter. Where offsets are missing, as compaction leaves them, it may be fewer; where timestamps are
    /// not in order, it is the end of the order in which each partition's last `count` records come.
    public static long[] of(List<TopicCursor.Part> parts, int count, TopicCursor.Reading reading)
            throws UnreadableLogException, TooFarException {
        var candidates = parts.stream().map(part -> last(part, count)).toList();
        if (parts.size() == 1) {
            return new long[] {candidates.getFirst().from()};
        }
        long total =
                candidates.stream().mapToLong(part -> part.to() - part.from()).sum();
        if (total > MAX_RECORDS) {
            throw new TooFarException(
                    "would have to look at the last %d records of each of %d partitions; at most %d in all"
                            .formatted(count, parts.size(), MAX_RECORDS));
        }
        try (var cursor = new TopicCursor(candidates, reading)) {
            return passAllBut(count, cursor);
        }
    }

    private static TopicCursor.Part last(TopicCursor.Part part, int count) {
        long logStart = part.log()
                .findOffsets()
                .map(offsets -> offsets.logStartOffset())
                .orElse(0L);
        return new TopicCursor.Part(part.log(), Math.min(part.to(), Math.max(logStart, part.to() - count)), part.to());
    }

    /// Keeps the last `count` positions in a ring: the oldest of them is where the records sought begin.
    private static long[] passAllBut(int count, TopicCursor cursor) throws UnreadableLogException, TooFarException {
        var partitions = new int[count];
        var offsets = new long[count];
        int next = 0;
        var before = cursor.positions();
        for (int partition = cursor.skip(); partition >= 0; partition = cursor.skip()) {
            if (cursor.bytesScanned() > MAX_BYTES) {
                throw new TooFarException("lies behind more than %d bytes of records".formatted(MAX_BYTES));
            }
            int slot = next % count;
            if (next >= count) {
                before[partitions[slot]] = offsets[slot];
            }
            partitions[slot] = partition;
            offsets[slot] = cursor.positionOf(partition);
            next++;
        }
        return before;
    }
}
