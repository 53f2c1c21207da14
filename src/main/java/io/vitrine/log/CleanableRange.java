package io.vitrine.log;

import java.util.List;
import java.util.OptionalLong;

/// What of a log may be compacted now, and how much it needs it. The rules are Kafka's.
/// ```
///   | clean              | dirty                  | not yet: too young, a transaction is open, or active
///   logStartOffset       firstDirtyOffset         firstUncleanableOffset
/// ```
///
/// @param firstDirtyOffset where the compaction before this one stopped
/// @param firstUncleanableOffset the base offset of a segment
/// @param cleanBytes of the segments that have been compacted
/// @param dirtyBytes of those that can be; a segment that is both counts twice
/// @param overdueMs for how long the oldest dirty record has been dirty longer than `max.compaction.lag.ms`; 0 if
/// none has
/// @param checkpointInvalid was the offset that had been noted outside the log?
public record CleanableRange(
        long firstDirtyOffset,
        long firstUncleanableOffset,
        long cleanBytes,
        long dirtyBytes,
        long overdueMs,
        boolean checkpointInvalid) {

    /// Finds the range.
    ///
    /// @param segments all of the log, the active one last
    /// @param checkpoint where the last compaction stopped, as it was noted
    static CleanableRange of(
            List<? extends CompactionSegment> segments,
            Offsets offsets,
            OptionalLong checkpoint,
            LogSettings.Compaction settings,
            long nowMs) {
        long start = offsets.logStartOffset();
        long noted = checkpoint.orElse(start);
        boolean invalid = noted < start || noted > offsets.logEndOffset();
        long firstDirty = invalid ? start : noted;
        long active = segments.getLast().baseOffset();
        long tooYoung = firstTooYoung(closedFrom(segments, firstDirty), nowMs, settings.minLagMs(), active);
        long bound = Math.max(firstDirty, Math.min(Math.min(offsets.lastStableOffset(), active), tooYoung));
        var uncleanable = closedFrom(segments, bound);
        long firstUncleanable =
                uncleanable.isEmpty() ? active : uncleanable.getFirst().baseOffset();
        return new CleanableRange(
                firstDirty,
                Math.max(firstDirty, firstUncleanable),
                bytes(before(segments, firstDirty)),
                bytes(before(from(segments, firstDirty), firstUncleanable)),
                overdueMs(closedFrom(segments, firstDirty), nowMs, settings.maxLagMs()),
                invalid);
    }

    /// The part of the bytes that is dirty, 0 to 1.
    public double dirtyRatio() {
        long all = cleanBytes + dirtyBytes;
        return all == 0 ? 0 : (double) dirtyBytes / all;
    }

    /// Is it time to compact?
    public boolean isDue(LogSettings.Compaction settings) {
        return dirtyBytes > 0 && (dirtyRatio() > settings.minDirtyRatio() || overdueMs > 0);
    }

    /// The segments that hold `offset` or what follows it.
    private static List<? extends CompactionSegment> from(List<? extends CompactionSegment> segments, long offset) {
        int at = segments.size();
        while (at > 0 && segments.get(at - 1).baseOffset() > offset) {
            at--;
        }
        return segments.subList(Math.max(at - 1, 0), segments.size());
    }

    /// The same without the active one.
    private static List<? extends CompactionSegment> closedFrom(
            List<? extends CompactionSegment> segments, long offset) {
        var from = from(segments, offset);
        return from.subList(0, from.size() - 1);
    }

    private static List<? extends CompactionSegment> before(List<? extends CompactionSegment> segments, long offset) {
        return segments.stream()
                .takeWhile(segment -> segment.baseOffset() < offset)
                .toList();
    }

    private static long bytes(List<? extends CompactionSegment> segments) {
        return segments.stream().mapToLong(CompactionSegment::sizeInBytes).sum();
    }

    private static long firstTooYoung(
            List<? extends CompactionSegment> segments, long nowMs, long minLagMs, long otherwise) {
        return minLagMs <= 0
                ? otherwise
                : segments.stream()
                        .filter(segment -> segment.largestTimestamp() > nowMs - minLagMs)
                        .mapToLong(CompactionSegment::baseOffset)
                        .findFirst()
                        .orElse(otherwise);
    }

    private static long overdueMs(List<? extends CompactionSegment> segments, long nowMs, long maxLagMs) {
        if (maxLagMs == Long.MAX_VALUE) {
            return 0;
        }
        long oldest = segments.stream()
                .mapToLong(CompactionSegment::firstBatchTimestamp)
                .filter(timestamp -> timestamp > 0)
                .min()
                .orElse(Long.MAX_VALUE);
        long cleanUntil = nowMs - Math.max(maxLagMs, 0);
        return oldest < cleanUntil ? cleanUntil - oldest : 0;
    }
}
