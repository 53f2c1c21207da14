package io.vitrine.server;

/// The bytes on a connection are no Kafka request; the connection can't be read any further.
final class BadFrameException extends Exception {
    private static final long serialVersionUID = 1;

    BadFrameException(String message) {
        super(message);
    }
}
