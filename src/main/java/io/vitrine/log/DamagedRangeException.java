package io.vitrine.log;

import java.io.IOException;

/// A read met bytes that can't be trusted. What lies behind them can be read.
public final class DamagedRangeException extends IOException {
    private static final long serialVersionUID = 1;

    private final transient DamagedRange range;

    DamagedRangeException(DamagedRange range) {
        super(range.toString());
        this.range = range;
    }

    public DamagedRange range() {
        return range;
    }
}
