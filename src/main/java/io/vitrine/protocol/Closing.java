package io.vitrine.protocol;

/// Why a connection has ended.
public enum Closing {
    /// The client has closed it, or is gone.
    CLIENT_CLOSED,
    /// The broker stops.
    BROKER_STOPPED,
    /// Nothing has gone in or out for `connections.max.idle.ms`.
    IDLE,
    /// A begun request or an answer did not get on.
    STALLED,
    /// There are as many as `max.connections` allows.
    TOO_MANY_CONNECTIONS,
    /// The length of a request is impossible.
    BAD_FRAME,
    /// Somebody speaks HTTP to it.
    HTTP_REQUEST,
    /// Somebody wants to encrypt it, and it is not made for that.
    TLS_HANDSHAKE,
    /// The API is not served.
    UNSUPPORTED_API,
    /// The API is served, but not in this version.
    UNSUPPORTED_VERSION,
    /// Header or body do not follow the format.
    UNREADABLE_REQUEST,
    /// More of something than any client would send.
    OVERSIZED_REQUEST,
    /// A request was refused that wants no answer.
    REFUSED_WITHOUT_ANSWER,
    /// An answer could not be sent.
    ANSWER_FAILED,
    /// The broker is wrong.
    BROKER_FAILED,
    /// Somebody has asked for it over REST.
    CLOSED_BY_REQUEST,
    /// A fault that was set on purpose.
    FAULT_INJECTED;

    /// Does it happen to every connection some day?
    public boolean isOrdinary() {
        return this == CLIENT_CLOSED || this == BROKER_STOPPED;
    }
}
