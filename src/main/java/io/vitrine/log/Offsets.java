package io.vitrine.log;

/// The marks of a partition log, in Kafka's order, taken at one moment. All but the first are exclusive ends.
///
/// @param durableOffset everything before it has been forced to disk by this process
public record Offsets(
        long logStartOffset, long lastStableOffset, long highWatermark, long logEndOffset, long durableOffset) {
    public Offsets {
        if (logStartOffset > lastStableOffset
                || lastStableOffset > highWatermark
                || highWatermark > logEndOffset
                || durableOffset > logEndOffset) {
            throw new IllegalStateException("Offsets out of order: %d ≤ %d ≤ %d ≤ %d, durable %d, does not hold"
                    .formatted(logStartOffset, lastStableOffset, highWatermark, logEndOffset, durableOffset));
        }
    }
}
