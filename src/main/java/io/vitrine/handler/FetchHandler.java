package io.vitrine.handler;

import io.vitrine.metadata.MetadataService;
import io.vitrine.partition.ColdReads;
import io.vitrine.partition.PartitionLogService;
import io.vitrine.protocol.Answer;
import io.vitrine.protocol.Request;
import io.vitrine.protocol.RequestHandler;
import io.vitrine.protocol.VersionRange;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Function;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.FetchableTopicResponse;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/// Reads batches from the partitions asked for. If there is less than the client wants, the answer waits for the next
/// append or for the time the client allows. Every fetch names all its partitions: no session is kept, which the
/// protocol leaves to the broker.
public final class FetchHandler implements RequestHandler<FetchRequestData> {
    private static final short FIRST_VERSION_WITH_IDS = 13;
    private static final short FIRST_VERSION_WITH_TOP_LEVEL_ERROR = 7;
    private static final int NO_REPLICA = -1;
    private static final int FINAL_EPOCH = -1;
    private static final int INITIAL_EPOCH = 0;

    private final TopicLookup topics;
    private final ColdReads coldReads;
    private final ScheduledExecutorService timer;
    private final int maxResponseBytes;

    /// @param timer ends the waiting; also runs the answers that appends have woken
    /// @param maxResponseBytes `fetch.max.bytes`
    public FetchHandler(
            MetadataService metadata,
            PartitionLogService partitions,
            ScheduledExecutorService timer,
            int maxResponseBytes) {
        this.topics = new TopicLookup(metadata, partitions);
        this.coldReads = partitions.coldReads();
        this.timer = timer;
        this.maxResponseBytes = maxResponseBytes;
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
        var error = check(message);
        if (error != Errors.NONE) {
            request.noteRefusal(
                    "",
                    error,
                    error.name(),
                    "session %d, epoch %d, replica %d"
                            .formatted(message.sessionId(), message.sessionEpoch(), replicaId(message)));
            return CompletableFuture.completedFuture(new Answer.Message(refuse(request, error)));
        }
        return whenLoaded(read(request, true), request, read -> answer(request, read));
    }

    /// Answers now, or when there is enough.
    private CompletionStage<Answer> answer(Request<FetchRequestData> request, FetchRead read) {
        var message = request.message();
        if (read.mustAnswerNow() || message.maxWaitMs() <= 0 || read.sizeInBytes() >= message.minBytes()) {
            return answerNow(read);
        }
        var wait = new FetchWait(
                timer,
                read.partitions(),
                () -> read(request, true),
                found -> found.mustAnswerNow() || found.sizeInBytes() >= message.minBytes());
        var found = wait.start(message.maxWaitMs());
        return then(found, enough -> whenLoaded(enough, request, FetchHandler::answerNow));
    }

    private static CompletionStage<Answer> answerNow(FetchRead read) {
        return CompletableFuture.completedFuture(new Answer.Message(read.response()));
    }

    /// Goes on with `read`, or if it has come to what must be loaded from the disk, with another when that is done.
    private CompletionStage<Answer> whenLoaded(
            FetchRead read, Request<FetchRequestData> request, Function<FetchRead, CompletionStage<Answer>> next) {
        if (read.cold().isEmpty()) {
            return next.apply(read);
        }
        return then(coldReads.load(read.cold(), () -> read(request, false)), next);
    }

    /// One thing after another. The result is cancelled when the connection is gone; then nobody waits any more for
    /// either.
    private static CompletionStage<Answer> then(
            CompletableFuture<FetchRead> first, Function<FetchRead, CompletionStage<Answer>> next) {
        var second = first.thenApply(found -> next.apply(found).toCompletableFuture());
        var answer = second.thenCompose(Function.identity());
        answer.whenComplete((_, _) -> {
            first.cancel(false);
            second.thenAccept(waiting -> waiting.cancel(false));
        });
        return answer;
    }

    /// Older versions have no place for an error of the whole request, so each partition says it.
    private static FetchResponseData refuse(Request<FetchRequestData> request, Errors error) {
        var response = new FetchResponseData().setErrorCode(error.code());
        if (request.version() < FIRST_VERSION_WITH_TOP_LEVEL_ERROR) {
            for (var topic : request.message().topics()) {
                response.responses()
                        .add(new FetchableTopicResponse()
                                .setTopic(topic.topic())
                                .setPartitions(topic.partitions().stream()
                                        .map(asked -> FetchRead.refused(asked.partition(), error))
                                        .toList()));
            }
        }
        return response;
    }

    private TopicLookup.Found find(short version, FetchTopic topic, int partition) {
        return version >= FIRST_VERSION_WITH_IDS
                ? topics.find(topic.topicId(), partition)
                : topics.find(topic.topic(), partition);
    }

    private static Errors check(FetchRequestData message) {
        if (replicaId(message) != NO_REPLICA) {
            // Only a broker of the same cluster has a replica id, and there is no other.
            return Errors.INVALID_REQUEST;
        }
        boolean incremental = message.sessionEpoch() != FINAL_EPOCH && message.sessionEpoch() != INITIAL_EPOCH;
        if (incremental) {
            return Errors.FETCH_SESSION_ID_NOT_FOUND;
        }
        return Errors.NONE;
    }

    private static int replicaId(FetchRequestData message) {
        return message.replicaState().replicaId() != NO_REPLICA
                ? message.replicaState().replicaId()
                : message.replicaId();
    }

    /// @param warmOnly is what would have to wait for a disk only to be noted?
    private FetchRead read(Request<FetchRequestData> request, boolean warmOnly) {
        var message = request.message();
        long allowed = Math.min(
                Math.min(message.maxBytes(), maxResponseBytes),
                request.responseBytesLeft().getAsLong());
        var read = new FetchRead(request, Math.max(0, (int) allowed), warmOnly);
        for (var topic : message.topics()) {
            read.beginTopic(topic);
            for (var asked : topic.partitions()) {
                read.add(topic, asked, find(request.version(), topic, asked.partition()));
            }
        }
        return read;
    }
}
