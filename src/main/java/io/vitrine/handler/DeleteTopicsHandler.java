package io.vitrine.handler;

import io.vitrine.metadata.DeleteTopicOutcome;
import io.vitrine.metadata.DeleteTopicOutcome.Refusal;
import io.vitrine.metadata.MetadataService;
import io.vitrine.metadata.Topic;
import io.vitrine.protocol.Answer;
import io.vitrine.protocol.Request;
import io.vitrine.protocol.RequestHandler;
import io.vitrine.protocol.Subject;
import io.vitrine.protocol.VersionRange;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.DeleteTopicsRequestData;
import org.apache.kafka.common.message.DeleteTopicsRequestData.DeleteTopicState;
import org.apache.kafka.common.message.DeleteTopicsResponseData;
import org.apache.kafka.common.message.DeleteTopicsResponseData.DeletableTopicResult;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Deletes topics, named or by their ids. When it answers, nobody finds them any more.
public final class DeleteTopicsHandler implements RequestHandler<DeleteTopicsRequestData> {
    private static final Logger log = LoggerFactory.getLogger(DeleteTopicsHandler.class);
    private static final short FIRST_VERSION_WITH_STATES = 6;
    private static final short FIRST_VERSION_WITH_DISABLED = 3;

    private final MetadataService metadata;
    private final Executor mayBlock;

    /// @param mayBlock runs what writes the metadata log
    public DeleteTopicsHandler(MetadataService metadata, Executor mayBlock) {
        this.metadata = metadata;
        this.mayBlock = mayBlock;
    }

    @Override
    public ApiKeys apiKey() {
        return ApiKeys.DELETE_TOPICS;
    }

    @Override
    public VersionRange versions() {
        return VersionRange.of(1, 6);
    }

    @Override
    public CompletionStage<Answer> handle(Request<DeleteTopicsRequestData> request) {
        return ChangeDeadline.run(
                request.message().timeoutMs(),
                mayBlock,
                () -> delete(request),
                () -> failAll(request, Errors.REQUEST_TIMED_OUT, null));
    }

    private Answer delete(Request<DeleteTopicsRequestData> request) {
        if (!metadata.topicChanges().isDeletionEnabled()) {
            return failAll(request, disabled(request), null);
        }
        var asked = new TopicsToDelete();
        request.message().topicNames().forEach(asked::name);
        request.message().topics().forEach(state -> asked.state(state.name(), state.topicId()));
        var found = asked.resolve(metadata.image());
        Map<Uuid, DeleteTopicOutcome> outcomes;
        try {
            outcomes = metadata.topicChanges().delete(found.keySet());
        } catch (IOException e) {
            log.error("Topics could not be deleted", e);
            return failAll(request, Errors.KAFKA_STORAGE_ERROR, e.getMessage());
        }
        var response = new DeleteTopicsResponseData();
        for (var refused : asked.refusals()) {
            add(request, response, refused);
        }
        outcomes.forEach((id, outcome) -> add(request, response, result(id, found.get(id), outcome)));
        return new Answer.Message(response);
    }

    private static TopicsToDelete.Result result(Uuid id, @Nullable Topic asked, DeleteTopicOutcome outcome) {
        var name = asked == null ? null : asked.name();
        return switch (outcome) {
            case DeleteTopicOutcome.Deleted(Topic topic) ->
                new TopicsToDelete.Result(topic.name(), id, Errors.NONE, null);
            // Somebody else was faster.
            case DeleteTopicOutcome.Unknown() ->
                new TopicsToDelete.Result(name, id, Errors.UNKNOWN_TOPIC_ID, Errors.UNKNOWN_TOPIC_ID.message());
            case DeleteTopicOutcome.Refused(Refusal kind, String reason) ->
                new TopicsToDelete.Result(name, id, error(kind), reason);
        };
    }

    private static Errors error(Refusal kind) {
        return switch (kind) {
            case DISABLED -> Errors.TOPIC_DELETION_DISABLED;
            case TOO_MANY_RECORDS -> Errors.POLICY_VIOLATION;
        };
    }

    private static Errors disabled(Request<DeleteTopicsRequestData> request) {
        return request.version() < FIRST_VERSION_WITH_DISABLED
                ? Errors.INVALID_REQUEST
                : Errors.TOPIC_DELETION_DISABLED;
    }

    private static void add(
            Request<DeleteTopicsRequestData> request, DeleteTopicsResponseData response, TopicsToDelete.Result result) {
        if (result.error() != Errors.NONE) {
            request.noteRefusal(
                    Subject.topic(result.name() == null ? result.id().toString() : result.name()),
                    result.error(),
                    result.error().name(),
                    result.message() == null ? result.error().message() : result.message());
        }
        response.responses()
                .mustAdd(new SpreadResult()
                        .setName(result.name())
                        .setTopicId(result.id())
                        .setErrorCode(result.error().code())
                        .setErrorMessage(result.message()));
    }

    /// Kafka's collection finds a place for its elements by their names. Those that were asked for by an id that nobody
    /// knows have none: many of them would take time that grows with the square of their number.
    private static final class SpreadResult extends DeletableTopicResult {
        @Override
        public int hashCode() {
            return System.identityHashCode(this);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return this == other;
        }
    }

    private static Answer failAll(Request<DeleteTopicsRequestData> request, Errors error, @Nullable String message) {
        var response = new DeleteTopicsResponseData();
        if (request.version() < FIRST_VERSION_WITH_STATES) {
            request.message()
                    .topicNames()
                    .forEach(name ->
                            add(request, response, new TopicsToDelete.Result(name, Uuid.ZERO_UUID, error, message)));
        } else {
            for (DeleteTopicState state : request.message().topics()) {
                add(request, response, new TopicsToDelete.Result(state.name(), state.topicId(), error, message));
            }
        }
        return new Answer.Message(response);
    }
}
