package io.vitrine.inspect;

import java.io.IOException;

/// A log can't be read any further; the message says why.
public sealed class UnreadableLogException extends IOException permits DamagedRangeMetException {
    private static final long serialVersionUID = 1;

    UnreadableLogException(String reason) {
        super(reason);
    }
}
