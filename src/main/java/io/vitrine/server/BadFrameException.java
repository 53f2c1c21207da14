package io.vitrine.server;

import io.vitrine.protocol.Closing;

/// The bytes on a connection are no Kafka request; the connection can't be read any further.
final class BadFrameException extends Exception {
    private static final long serialVersionUID = 1;

    private final Closing why;
    private final String firstBytes;

    /// @param firstBytes in hex
    BadFrameException(Closing why, String message, String firstBytes) {
        super(message);
        this.why = why;
        this.firstBytes = firstBytes;
    }

    Closing why() {
        return why;
    }

    String firstBytes() {
        return firstBytes;
    }
}
