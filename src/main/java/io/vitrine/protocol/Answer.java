package io.vitrine.protocol;

import org.apache.kafka.common.protocol.ApiMessage;

/// What becomes of a request.
public sealed interface Answer {

    /// It is answered with this message, in the version of the request.
    record Message(ApiMessage message) implements Answer {}

    /// It gets no answer, as Produce with `acks=0`.
    record None() implements Answer {}

    /// The connection is closed, as the protocol leaves no other way to say no.
    record Close(Closing why, String detail) implements Answer {}
}
