package io.vitrine.protocol;

import java.time.Clock;
import java.time.Instant;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.LongSupplier;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

/// A request as it reaches its handler: Kafka's message, and what the header says.
///
/// The message's byte fields, records above all, are views of the frame, which is given back when the handler
/// returns.
///
/// @param clientId empty if the client gave none
/// @param eventLoop the connection's own thread, for what is to go on later; ends with the listener
/// @param responseBytesLeft how large an answer may be at this moment without asking more of the broker's memory
/// than there is
public record Request<Q extends ApiMessage>(
        ApiKeys apiKey,
        short version,
        int correlationId,
        String clientId,
        Caller caller,
        ScheduledExecutorService eventLoop,
        LongSupplier responseBytesLeft,
        RefusalJournal refusals,
        Q message) {

    /// Keeps why a part of the request is refused.
    ///
    /// @param subject what is refused, such as `orders-0`
    public void noteRefusal(String subject, Errors error, String reason, String detail) {
        refusals.add(new RefusalEntry(
                Instant.now(Clock.systemUTC()),
                caller.address(),
                clientId,
                apiKey.name,
                version,
                correlationId,
                subject,
                error.name(),
                reason,
                detail));
    }
}
