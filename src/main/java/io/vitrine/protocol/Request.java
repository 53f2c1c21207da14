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

    /// Keeps why something is refused.
    public void noteRefusal(Subject subject, Errors error, String reason, String detail) {
        noteRefusal(subject, error, reason, detail, Facts.none());
    }

    /// Keeps why something is refused, and what shows it.
    public void noteRefusal(Subject subject, Errors error, String reason, String detail, Facts evidence) {
        note(subject, error.name(), reason, detail, evidence);
    }

    /// Keeps what was done to the request on purpose.
    ///
    /// @param error Kafka's name of the error answered, or what else has become of the answer
    public void noteFault(Subject subject, String error, String detail, Facts evidence) {
        note(subject, error, RefusalEntry.FAULT_INJECTED, detail, evidence);
    }

    private void note(Subject subject, String error, String reason, String detail, Facts evidence) {
        refusals.add(new RefusalEntry(
                Instant.now(Clock.systemUTC()),
                caller.id(),
                caller.address(),
                clientId,
                apiKey.name,
                version,
                correlationId,
                subject,
                error,
                reason,
                detail,
                evidence.all()));
    }
}
