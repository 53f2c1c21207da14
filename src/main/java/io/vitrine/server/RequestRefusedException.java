package io.vitrine.server;

import io.vitrine.protocol.Closing;

/// A request that the protocol gives no answer for; its connection is closed.
final class RequestRefusedException extends Exception {
    private static final long serialVersionUID = 1;

    private final Closing why;

    RequestRefusedException(Closing why, String message) {
        super(message);
        this.why = why;
    }

    Closing why() {
        return why;
    }
}
