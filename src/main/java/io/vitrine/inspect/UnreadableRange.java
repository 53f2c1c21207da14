package io.vitrine.inspect;

import io.vitrine.log.DamagedRange;

/// Records that can't be read because the bytes of their batches can't be trusted.
public record UnreadableRange(DamagedRange range) implements RecordEntry {
    @Override
    public long nextOffset() {
        return range.nextOffset();
    }
}
