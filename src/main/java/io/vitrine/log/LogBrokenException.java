package io.vitrine.log;

import java.io.IOException;

/// The disk failed in a way that leaves unknown what it holds: a refused fsync, or a half-written batch that could
/// not be cut off. The log must not be appended to again before it has been opened anew.
public final class LogBrokenException extends IOException {
    private static final long serialVersionUID = 1;

    LogBrokenException(String message, IOException cause) {
        super("%s: %s".formatted(message, cause.getMessage()), cause);
    }
}
