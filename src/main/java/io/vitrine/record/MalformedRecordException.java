package io.vitrine.record;

import java.io.IOException;

/// The records inside a batch do not follow the format. `position` counts bytes of the uncompressed records.
public final class MalformedRecordException extends IOException {
    private static final long serialVersionUID = 1;

    private final long position;

    public MalformedRecordException(long position, String reason) {
        super(reason);
        this.position = position;
    }

    /// Byte at which the trouble was found, counted from the first record.
    public long position() {
        return position;
    }
}
