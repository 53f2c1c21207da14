package io.vitrine.server;

import io.vitrine.protocol.Caller;
import io.vitrine.tap.Exchange;
import io.vitrine.tap.ExchangeRing;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.LongSupplier;
import org.apache.kafka.common.protocol.ApiMessage;

/// Where requests come from: a connection, as far as dispatching them is concerned.
///
/// @param eventLoop that of the connection
/// @param responseBytesLeft how large an answer may be
/// @param ring of that event loop
record Origin(
        ConnectionTally tally, ScheduledExecutorService eventLoop, LongSupplier responseBytesLeft, ExchangeRing ring) {
    Caller caller() {
        return tally.caller();
    }

    /// Notes a request before its handler gets it.
    void requested(Exchange exchange, ApiMessage message) {
        tally.requested(exchange, message);
        ring.noteRequest(exchange, message);
    }
}
