package io.vitrine.inspect;

/// Offsets that were to be shown and are deleted by now: the log starts behind them.
public record DeletedRange(long baseOffset, long lastOffset) implements RecordEntry {
    @Override
    public long nextOffset() {
        return lastOffset + 1;
    }
}
