package io.vitrine.handler;

import io.vitrine.handler.Fetch.Kind;
import io.vitrine.handler.FetchSessions.Owner;
import io.vitrine.metadata.MetadataService;
import io.vitrine.partition.Isolation;
import io.vitrine.partition.PartitionLogService;
import io.vitrine.protocol.Answer;
import io.vitrine.protocol.FetchCounters;
import io.vitrine.protocol.Purgatory;
import io.vitrine.protocol.Request;
import io.vitrine.protocol.RequestHandler;
import io.vitrine.protocol.Subject;
import io.vitrine.protocol.VersionRange;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.FetchableTopicResponse;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/// Reads batches from the partitions asked for. If there is less than the client wants, the answer waits; see
/// [Fetch]. A client may name its partitions once and then only what is different; see [FetchSession].
public final class FetchHandler implements RequestHandler<FetchRequestData> {
    private static final short FIRST_VERSION_WITH_IDS = 13;
    private static final int FINAL_EPOCH = -1;
    private static final int INITIAL_EPOCH = 0;

    private final FetchServices services;

    /// @param maxResponseBytes `fetch.max.bytes`
    public FetchHandler(
            MetadataService metadata,
            PartitionLogService partitions,
            AdvertisedAddress advertised,
            FetchSessions sessions,
            Purgatory purgatory,
            FetchCounters counters,
            int maxResponseBytes) {
        services = new FetchServices(
                new TopicLookup(metadata, partitions),
                new LeaderHint(metadata, advertised),
                partitions.coldReads(),
                sessions,
                purgatory,
                counters,
                maxResponseBytes);
    }

    @Override
    public ApiKeys apiKey() {
        return ApiKeys.FETCH;
    }

    @Override
    public VersionRange versions() {
        return VersionRange.of(4, 18);
    }

    @Override
    public CompletionStage<Answer> handle(Request<FetchRequestData> request) {
        var message = request.message();
        var isolation = Isolation.find(message.isolationLevel());
        if (isolation.isEmpty()) {
            return refuse(request, Errors.INVALID_REQUEST, "isolation level " + message.isolationLevel());
        }
        int epoch = message.sessionEpoch();
        return epoch == INITIAL_EPOCH || epoch == FINAL_EPOCH
                ? full(request, isolation.get())
                : incremental(request, isolation.get());
    }

    /// A fetch that names all its partitions ends the session it had before.
    private CompletionStage<Answer> full(Request<FetchRequestData> request, Isolation isolation) {
        var message = request.message();
        services.sessions().drop(message.sessionId());
        return alone(request, isolation, message.sessionEpoch() == INITIAL_EPOCH ? Kind.FIRST_OF_SESSION : Kind.ALONE);
    }

    private CompletionStage<Answer> alone(Request<FetchRequestData> request, Isolation isolation, Kind kind) {
        var session = new FetchSession(usesTopicIds(request));
        synchronized (session) {
            session.ask(request.message().topics());
        }
        return new Fetch(services, request, isolation, session, kind).start();
    }

    private CompletionStage<Answer> incremental(Request<FetchRequestData> request, Isolation isolation) {
        var message = request.message();
        var found = services.sessions().find(message.sessionId());
        if (found.isEmpty()) {
            return refuse(request, Errors.FETCH_SESSION_ID_NOT_FOUND, "no session is kept as " + message.sessionId());
        }
        var session = found.get();
        Optional<Fetch> next = Optional.empty();
        synchronized (session) {
            var error = check(session, request);
            if (error != Errors.NONE) {
                return refuse(
                        request,
                        error,
                        "session %d has epoch %d and names topics by %s"
                                .formatted(session.id(), session.epoch(), session.usesTopicIds() ? "id" : "name"));
            }
            session.goOn(message);
            int size = session.size();
            if (size > 0 && session.isKeepable() && services.sessions().touch(session.id(), size, owner(request))) {
                next = Optional.of(new Fetch(services, request, isolation, session, Kind.INCREMENTAL));
            }
        }
        if (next.isPresent()) {
            return next.get().start();
        }
        services.sessions().drop(message.sessionId());
        session.close();
        return session.size() == 0
                // What this request named was taken out by itself.
                ? alone(request, isolation, Kind.ALONE)
                : refuse(request, Errors.FETCH_SESSION_ID_NOT_FOUND, "the session has more partitions than are kept");
    }

    private static Owner owner(Request<FetchRequestData> request) {
        return new Owner(request.caller(), request.clientId());
    }

    private static Errors check(FetchSession session, Request<FetchRequestData> request) {
        if (session.isClosed()) {
            return Errors.FETCH_SESSION_ID_NOT_FOUND;
        }
        if (session.epoch() != request.message().sessionEpoch()) {
            return Errors.INVALID_FETCH_SESSION_EPOCH;
        }
        return session.usesTopicIds() == usesTopicIds(request) ? Errors.NONE : Errors.FETCH_SESSION_TOPIC_ID_ERROR;
    }

    private static boolean usesTopicIds(Request<FetchRequestData> request) {
        return request.version() >= FIRST_VERSION_WITH_IDS;
    }

    /// Where partitions are named, each says it too; before version 7 there is no other place for it.
    private static CompletionStage<Answer> refuse(Request<FetchRequestData> request, Errors error, String detail) {
        request.noteRefusal(Subject.whole(), error, error.name(), detail);
        var response = new FetchResponseData().setErrorCode(error.code());
        if (!usesTopicIds(request) && error == Errors.INVALID_REQUEST) {
            for (var topic : request.message().topics()) {
                response.responses()
                        .add(new FetchableTopicResponse()
                                .setTopic(topic.topic())
                                .setPartitions(topic.partitions().stream()
                                        .map(asked -> FetchRead.refused(asked.partition(), error))
                                        .toList()));
            }
        }
        return CompletableFuture.completedFuture(new Answer.Message(response));
    }
}
