package io.vitrine.handler;

import io.vitrine.metadata.GrowTopicOutcome;
import io.vitrine.metadata.GrowTopicOutcome.Refusal;
import io.vitrine.metadata.TopicChanges;
import io.vitrine.metadata.TopicGrowth;
import io.vitrine.protocol.Answer;
import io.vitrine.protocol.Request;
import io.vitrine.protocol.RequestHandler;
import io.vitrine.protocol.Subject;
import io.vitrine.protocol.VersionRange;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.apache.kafka.common.message.CreatePartitionsRequestData;
import org.apache.kafka.common.message.CreatePartitionsRequestData.CreatePartitionsAssignment;
import org.apache.kafka.common.message.CreatePartitionsRequestData.CreatePartitionsTopic;
import org.apache.kafka.common.message.CreatePartitionsResponseData;
import org.apache.kafka.common.message.CreatePartitionsResponseData.CreatePartitionsTopicResult;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Gives topics more partitions, or says whether they could have them. When it answers, they can be used.
public final class CreatePartitionsHandler implements RequestHandler<CreatePartitionsRequestData> {
    private static final Logger log = LoggerFactory.getLogger(CreatePartitionsHandler.class);

    private final TopicChanges topics;
    private final Executor mayBlock;

    /// @param mayBlock runs what writes the metadata log
    public CreatePartitionsHandler(TopicChanges topics, Executor mayBlock) {
        this.topics = topics;
        this.mayBlock = mayBlock;
    }

    @Override
    public ApiKeys apiKey() {
        return ApiKeys.CREATE_PARTITIONS;
    }

    @Override
    public VersionRange versions() {
        return VersionRange.of(0, 3);
    }

    @Override
    public CompletionStage<Answer> handle(Request<CreatePartitionsRequestData> request) {
        return ChangeDeadline.run(
                request.message().timeoutMs(),
                mayBlock,
                () -> grow(request),
                () -> failAll(request, Errors.REQUEST_TIMED_OUT, null));
    }

    private Answer grow(Request<CreatePartitionsRequestData> request) {
        var names = new RepeatedTopicNames();
        request.message().topics().forEach(topic -> names.add(topic.name()));
        var wishes = request.message().topics().stream()
                .filter(topic -> !names.isRepeated(topic.name()))
                .map(CreatePartitionsHandler::wish)
                .toList();
        List<GrowTopicOutcome> outcomes;
        try {
            outcomes = topics.grow(wishes, request.message().validateOnly());
        } catch (IOException e) {
            log.error("Topics could not be given more partitions", e);
            return failAll(request, Errors.KAFKA_STORAGE_ERROR, e.getMessage());
        }
        var response = new CreatePartitionsResponseData();
        for (var name : names.repeated()) {
            add(request, response, name, Errors.INVALID_REQUEST, RepeatedTopicNames.MESSAGE);
        }
        for (int i = 0; i < wishes.size(); i++) {
            add(request, response, wishes.get(i).topic(), outcomes.get(i));
        }
        return new Answer.Message(response);
    }

    private static TopicGrowth wish(CreatePartitionsTopic topic) {
        var assignments = topic.assignments();
        return new TopicGrowth(
                topic.name(),
                topic.count(),
                assignments == null
                        ? null
                        : assignments.stream()
                                .map(CreatePartitionsAssignment::brokerIds)
                                .toList());
    }

    private static void add(
            Request<CreatePartitionsRequestData> request,
            CreatePartitionsResponseData response,
            String name,
            GrowTopicOutcome outcome) {
        switch (outcome) {
            case GrowTopicOutcome.Grown _, GrowTopicOutcome.Valid _ -> add(request, response, name, Errors.NONE, null);
            case GrowTopicOutcome.Unknown() -> add(request, response, name, Errors.UNKNOWN_TOPIC_OR_PARTITION, null);
            case GrowTopicOutcome.Refused(Refusal kind, String reason) ->
                add(request, response, name, error(kind), reason);
        }
    }

    private static void add(
            Request<CreatePartitionsRequestData> request,
            CreatePartitionsResponseData response,
            String name,
            Errors error,
            @Nullable String message) {
        if (error != Errors.NONE) {
            request.noteRefusal(
                    Subject.topic(name), error, error.name(), Objects.requireNonNullElse(message, error.message()));
        }
        response.results()
                .add(new CreatePartitionsTopicResult()
                        .setName(name)
                        .setErrorCode(error.code())
                        .setErrorMessage(message));
    }

    private static Errors error(Refusal kind) {
        return switch (kind) {
            case NO_INCREASE -> Errors.INVALID_PARTITIONS;
            case INVALID_REPLICATION_FACTOR -> Errors.INVALID_REPLICATION_FACTOR;
            case INVALID_ASSIGNMENT -> Errors.INVALID_REPLICA_ASSIGNMENT;
            case TOO_MANY_RECORDS -> Errors.POLICY_VIOLATION;
        };
    }

    private static Answer failAll(
            Request<CreatePartitionsRequestData> request, Errors error, @Nullable String message) {
        var response = new CreatePartitionsResponseData();
        request.message().topics().forEach(topic -> add(request, response, topic.name(), error, message));
        return new Answer.Message(response);
    }
}
