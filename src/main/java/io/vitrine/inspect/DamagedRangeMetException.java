package io.vitrine.inspect;

import io.vitrine.log.DamagedRange;

/// Going through a log has come to a part that can't be trusted. Going on leads behind it.
public final class DamagedRangeMetException extends UnreadableLogException {
    private static final long serialVersionUID = 1;

    private final transient DamagedRange range;

    DamagedRangeMetException(DamagedRange range) {
        super(range.toString());
        this.range = range;
    }

    public DamagedRange range() {
        return range;
    }
}
