package io.vitrine.inspect;

/// A batch whose records can't be read from some point on; those before it have been shown. What is behind the batch
/// can be read all the same.
public record DamagedBatch(long baseOffset, long lastOffset, Problem problem) implements RecordEntry {
    @Override
    public long nextOffset() {
        return lastOffset + 1;
    }
}
