package io.vitrine.server;

/// A request that the protocol gives no answer for; its connection is closed.
final class RequestRefusedException extends Exception {
    private static final long serialVersionUID = 1;

    RequestRefusedException(String message) {
        super(message);
    }
}
