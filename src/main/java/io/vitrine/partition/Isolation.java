package io.vitrine.partition;

import io.vitrine.log.Offsets;
import java.util.Optional;

/// How far a reader sees: everything that is committed to the log, or only what no open transaction can take back.
public enum Isolation {
    READ_UNCOMMITTED,
    READ_COMMITTED;

    /// The level that the protocol has this number for; empty if there is none.
    public static Optional<Isolation> find(byte id) {
        return id >= 0 && id < values().length ? Optional.of(values()[id]) : Optional.empty();
    }

    /// The first offset that a reader may not read.
    public long endOf(Offsets offsets) {
        return switch (this) {
            case READ_UNCOMMITTED -> offsets.highWatermark();
            case READ_COMMITTED -> offsets.lastStableOffset();
        };
    }
}
