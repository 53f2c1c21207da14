package io.vitrine.server;

import io.vitrine.fault.Faults;
import io.vitrine.handler.ApiVersionsHandler;
import io.vitrine.protocol.Answer;
import io.vitrine.protocol.ApiTable;
import io.vitrine.protocol.Caller;
import io.vitrine.protocol.Closing;
import io.vitrine.protocol.Facts;
import io.vitrine.protocol.RefusalEntry;
import io.vitrine.protocol.RefusalJournal;
import io.vitrine.protocol.Request;
import io.vitrine.protocol.RequestHandler;
import io.vitrine.protocol.Subject;
import io.vitrine.tap.Exchange;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Instant;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.RequestHeaderData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractRequest;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads the header and the body of a request and hands it to the handler that the table has for it.
public final class RequestDispatcher {
    private static final Logger log = LoggerFactory.getLogger(RequestDispatcher.class);
    private static final int VERSION_INDEX = 2;
    private static final int CORRELATION_ID_INDEX = 4;

    private final ApiTable apis;
    private final ApiVersionsHandler apiVersions;
    private final RefusalJournal refusals;
    private final Faults faults;

    /// @param faults that are set on purpose
    public RequestDispatcher(ApiTable apis, ApiVersionsHandler apiVersions, RefusalJournal refusals, Faults faults) {
        this.apis = apis;
        this.apiVersions = apiVersions;
        this.refusals = refusals;
        this.faults = faults;
    }

    /// Where refusals are kept.
    RefusalJournal refusals() {
        return refusals;
    }

    /// Begins to serve the request in `frame`, whose bytes may be used again when this returns.
    ///
    /// @param frame a request without its length, at least 8 bytes
    /// @param readNanos when it was read
    /// @throws RequestRefusedException if there is no answer to it but to close the connection
    Dispatched dispatch(ByteBuffer frame, Origin origin, long readNanos) throws RequestRefusedException {
        try {
            return begin(frame, origin, readNanos);
        } catch (RequestRefusedException e) {
            throw e.of(frame);
        }
    }

    private Dispatched begin(ByteBuffer frame, Origin origin, long readNanos) throws RequestRefusedException {
        long start = System.nanoTime();
        int sizeInBytes = frame.remaining();
        var apiKey = apiKeyOf(frame.getShort(0));
        short version = frame.getShort(VERSION_INDEX);
        int correlationId = frame.getInt(CORRELATION_ID_INDEX);
        var handler = apis.find(apiKey)
                .orElseThrow(() -> new RequestRefusedException(
                        Closing.UNSUPPORTED_API, "%s is not served".formatted(apiKey.name)));
        if (version < handler.lowestServedVersion()
                || version > handler.versions().highest()) {
            refuseVersion(handler, version, correlationId, origin.caller());
            var exchange =
                    new Exchange(apiKey, version, correlationId, "", origin.caller(), sizeInBytes, readNanos, start);
            var answer = new Answer.Message(apiVersions.unsupportedVersion());
            return new Dispatched(exchange, (short) 0, CompletableFuture.completedFuture(answer));
        }
        var header = parseHeader(frame, apiKey, version);
        RepeatedNames.check(frame, apiKey, version);
        var body = parseBody(frame, apiKey, version);
        var clientId = header.clientId() == null ? "" : header.clientId();
        var exchange =
                new Exchange(apiKey, version, correlationId, clientId, origin.caller(), sizeInBytes, readNanos, start);
        origin.requested(exchange, body.data());
        var request = new Request<>(
                apiKey,
                version,
                correlationId,
                clientId,
                origin.caller(),
                origin.eventLoop(),
                origin.responseBytesLeft(),
                refusals,
                body.data());
        var answer = call(handler, body, request);
        exchange.handled();
        return new Dispatched(exchange, version, answer);
    }

    /// Only of ApiVersions can a client be told that its version is unknown.
    private void refuseVersion(RequestHandler<?> handler, short version, int correlationId, Caller caller)
            throws RequestRefusedException {
        var name = handler.apiKey().name;
        short lowest = handler.lowestServedVersion();
        short highest = handler.versions().highest();
        var detail = "%s version %d is not served, versions %d to %d are".formatted(name, version, lowest, highest);
        if (handler.apiKey() != ApiKeys.API_VERSIONS) {
            throw new RequestRefusedException(Closing.UNSUPPORTED_VERSION, detail);
        }
        refusals.add(new RefusalEntry(
                Instant.now(Clock.systemUTC()),
                caller.id(),
                caller.address(),
                "",
                name,
                version,
                correlationId,
                Subject.whole(),
                Errors.UNSUPPORTED_VERSION.name(),
                Errors.UNSUPPORTED_VERSION.name(),
                detail,
                Facts.compared("%d to %d".formatted(lowest, highest), version).all()));
    }

    private static ApiKeys apiKeyOf(short id) throws RequestRefusedException {
        if (!ApiKeys.hasId(id)) {
            throw new RequestRefusedException(Closing.UNSUPPORTED_API, "API key %d is unknown".formatted(id));
        }
        return ApiKeys.forId(id);
    }

    private static RequestHeaderData parseHeader(ByteBuffer frame, ApiKeys apiKey, short version)
            throws RequestRefusedException {
        try {
            return new RequestHeaderData(new ByteBufferAccessor(frame), apiKey.requestHeaderVersion(version));
        } catch (RuntimeException e) {
            throw new RequestRefusedException(
                    Closing.UNREADABLE_REQUEST,
                    "the header of %s version %d can't be read: %s".formatted(apiKey.name, version, e.getMessage()));
        }
    }

    private static AbstractRequest parseBody(ByteBuffer frame, ApiKeys apiKey, short version)
            throws RequestRefusedException {
        BodyLimit.check(frame, apiKey);
        try {
            return AbstractRequest.parseRequest(apiKey, version, new ByteBufferAccessor(frame)).request;
        } catch (RuntimeException e) {
            throw new RequestRefusedException(
                    Closing.UNREADABLE_REQUEST,
                    "the body of %s version %d can't be read: %s".formatted(apiKey.name, version, e.getMessage()));
        }
    }

    // A handler is registered under the key whose message it takes.
    @SuppressWarnings("unchecked")
    private CompletableFuture<Answer> call(
            RequestHandler<?> handler, AbstractRequest body, Request<ApiMessage> request) {
        try {
            var answer = serve((RequestHandler<ApiMessage>) handler, body, request);
            var guarded = answer.exceptionally(e -> failed(request, body, e)).toCompletableFuture();
            guarded.whenComplete((_, _) -> {
                if (guarded.isCancelled()) {
                    answer.toCompletableFuture().cancel(false);
                }
            });
            return guarded;
        } catch (RuntimeException e) {
            return CompletableFuture.completedFuture(failed(request, body, e));
        }
    }

    private CompletionStage<Answer> serve(
            RequestHandler<ApiMessage> handler, AbstractRequest body, Request<ApiMessage> request) {
        var faulty = faults.active();
        return faulty == null
                ? handler.handle(request)
                : faulty.serve(request, error -> answerTo(body, error), () -> handler.handle(request));
    }

    /// What says that the whole request has failed; null if it wants no answer.
    private static @Nullable ApiMessage answerTo(AbstractRequest body, Errors error) {
        var response = body.getErrorResponse(error.exception());
        return response == null ? null : response.data();
    }

    /// The handler is wrong, not the client: say so to both.
    private static Answer failed(Request<?> request, AbstractRequest body, Throwable thrown) {
        if (thrown instanceof CancellationException) {
            return new Answer.None();
        }
        log.error(
                "{} version {} with correlation id {} from {} failed",
                request.apiKey().name,
                request.version(),
                request.correlationId(),
                request.caller().address(),
                thrown);
        request.noteRefusal(Subject.whole(), Errors.UNKNOWN_SERVER_ERROR, "BROKER_FAILED", String.valueOf(thrown));
        var response = answerTo(body, Errors.UNKNOWN_SERVER_ERROR);
        return response == null
                ? new Answer.Close(Closing.BROKER_FAILED, "the request failed and wants no answer")
                : new Answer.Message(response);
    }
}
