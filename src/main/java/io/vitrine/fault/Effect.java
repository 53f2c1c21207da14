package io.vitrine.fault;

import org.apache.kafka.common.protocol.Errors;

/// What becomes of a request that is hit.
public sealed interface Effect {

    /// It is answered with this error.
    record Fail(Errors error) implements Effect {}

    /// Its answer, and those behind it on the connection, leave so much later.
    record Delay(int ms) implements Effect {}

    /// Its connection is closed in place of the answer.
    record Disconnect() implements Effect {}

    /// It gets no answer, and nor do those behind it on its connection, as answers have an order.
    record DropAnswer() implements Effect {}

    /// For people and meters.
    default Kind kind() {
        return switch (this) {
            case Fail _ -> Kind.ERROR;
            case Delay _ -> Kind.DELAY;
            case Disconnect _ -> Kind.DISCONNECT;
            case DropAnswer _ -> Kind.DROP_ANSWER;
        };
    }

    /// The same without what belongs to each.
    enum Kind {
        ERROR,
        DELAY,
        DISCONNECT,
        DROP_ANSWER
    }
}
