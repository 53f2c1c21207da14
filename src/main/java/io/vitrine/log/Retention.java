package io.vitrine.log;

import java.io.IOException;
import java.util.List;

/// Decides which of the oldest segments a log may lose: Kafka's rules, by the greatest timestamp in a segment, by the
/// size of the whole log, and by the log start.
final class Retention {
    private final LogSettings.Retention rules;
    private final long nowMs;
    private final LogReader reader;

    Retention(LogSettings.Retention rules, long nowMs, LogReader reader) {
        this.rules = rules;
        this.nowMs = nowMs;
        this.reader = reader;
    }

    /// The offset at which the log is to start, `logStartOffset` or later.
    ///
    /// @param segments oldest first; the last is the one appended to, which goes too if all its records are too old
    long startOffset(List<Segment> segments, long logStartOffset, long logEndOffset) throws IOException {
        long start = logStartOffset;
        if (!rules.delete()) {
            return start;
        }
        long sizeLeft = segments.stream().mapToLong(Segment::sizeInBytes).sum();
        for (int i = 0; i < segments.size(); i++) {
            var segment = segments.get(i);
            boolean last = i == segments.size() - 1;
            long end = last ? logEndOffset : segments.get(i + 1).baseOffset();
            sizeLeft -= segment.sizeInBytes();
            boolean deletable = end <= logStartOffset || isTooOld(segment) || isTooMuch(sizeLeft);
            if (!deletable || (last && segment.sizeInBytes() == 0)) {
                break;
            }
            start = Math.max(start, end);
        }
        return start;
    }

    /// Is there enough without this segment?
    private boolean isTooMuch(long sizeLeft) {
        return rules.bytes() >= 0 && sizeLeft >= rules.bytes();
    }

    private boolean isTooOld(Segment segment) throws IOException {
        if (rules.ms() < 0 || segment.sizeInBytes() == 0) {
            return false;
        }
        long timestamp = reader.maxTimestamp(segment);
        return nowMs - (timestamp >= 0 ? timestamp : segment.createdMs()) > rules.ms();
    }
}
