package io.vitrine.handler;

import io.vitrine.definition.DescribedConfig;
import io.vitrine.definition.TopicConfigs;
import io.vitrine.metadata.CreateTopicOutcome;
import io.vitrine.metadata.CreateTopicOutcome.Refusal;
import io.vitrine.metadata.MetadataService;
import io.vitrine.metadata.NewTopic;
import io.vitrine.metadata.Topic;
import io.vitrine.protocol.Answer;
import io.vitrine.protocol.Request;
import io.vitrine.protocol.RequestHandler;
import io.vitrine.protocol.Subject;
import io.vitrine.protocol.VersionRange;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsResponseData;
import org.apache.kafka.common.message.CreateTopicsResponseData.CreatableTopicConfigs;
import org.apache.kafka.common.message.CreateTopicsResponseData.CreatableTopicResult;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Creates topics, or says whether they could be created. When it answers, they can be used.
public final class CreateTopicsHandler implements RequestHandler<CreateTopicsRequestData> {
    private static final Logger log = LoggerFactory.getLogger(CreateTopicsHandler.class);

    private static final short FIRST_VERSION_WITH_CONFIGS = 5;

    private final MetadataService metadata;
    private final Executor mayBlock;

    /// @param mayBlock runs what writes the metadata log
    public CreateTopicsHandler(MetadataService metadata, Executor mayBlock) {
        this.metadata = metadata;
        this.mayBlock = mayBlock;
    }

    @Override
    public ApiKeys apiKey() {
        return ApiKeys.CREATE_TOPICS;
    }

    @Override
    public VersionRange versions() {
        return VersionRange.of(2, 7);
    }

    @Override
    public CompletionStage<Answer> handle(Request<CreateTopicsRequestData> request) {
        return ChangeDeadline.run(
                request.message().timeoutMs(),
                mayBlock,
                () -> create(request),
                () -> failAll(request, Errors.REQUEST_TIMED_OUT, null));
    }

    private Answer create(Request<CreateTopicsRequestData> request) {
        var names = new RepeatedTopicNames();
        request.message().topics().forEach(topic -> names.add(topic.name()));
        var wishes = request.message().topics().stream()
                .filter(topic -> !names.isRepeated(topic.name()))
                .map(CreateTopicsHandler::wish)
                .toList();
        List<CreateTopicOutcome> outcomes;
        try {
            outcomes = metadata.topicChanges().create(wishes, request.message().validateOnly());
        } catch (IOException e) {
            log.error("Topics could not be created", e);
            return failAll(request, Errors.KAFKA_STORAGE_ERROR, e.getMessage());
        }
        var response = new CreateTopicsResponseData();
        for (int i = 0; i < wishes.size(); i++) {
            var name = wishes.get(i).name();
            response.topics().mustAdd(result(request, name, outcomes.get(i)));
        }
        for (var name : names.repeated()) {
            var result = failed(name, Errors.INVALID_REQUEST, RepeatedTopicNames.MESSAGE);
            request.noteRefusal(
                    Subject.topic(name), Errors.INVALID_REQUEST, "DUPLICATE", "the request names the topic twice");
            response.topics().mustAdd(result);
        }
        return new Answer.Message(response);
    }

    private static NewTopic wish(CreatableTopic topic) {
        var configs = new LinkedHashMap<String, @Nullable String>();
        topic.configs().forEach(config -> configs.put(config.name(), config.value()));
        var assignments = new ArrayList<NewTopic.Assignment>();
        topic.assignments()
                .forEach(assigned ->
                        assignments.add(new NewTopic.Assignment(assigned.partitionIndex(), assigned.brokerIds())));
        return new NewTopic(topic.name(), topic.numPartitions(), topic.replicationFactor(), assignments, configs);
    }

    private CreatableTopicResult result(
            Request<CreateTopicsRequestData> request, String name, CreateTopicOutcome outcome) {
        return switch (outcome) {
            case CreateTopicOutcome.Created(Topic topic) -> created(request, topic);
            case CreateTopicOutcome.Valid(Topic topic) -> created(request, topic);
            case CreateTopicOutcome.AlreadyExists(Topic topic) -> {
                var detail = "Topic '%s' already exists.".formatted(topic.name());
                request.noteRefusal(Subject.topic(name), Errors.TOPIC_ALREADY_EXISTS, "ALREADY_EXISTS", detail);
                yield failed(name, Errors.TOPIC_ALREADY_EXISTS, detail);
            }
            case CreateTopicOutcome.Refused(Refusal kind, String reason) -> {
                request.noteRefusal(Subject.topic(name), error(kind), kind.name(), reason);
                yield failed(name, error(kind), reason);
            }
        };
    }

    private CreatableTopicResult created(Request<CreateTopicsRequestData> request, Topic topic) {
        var result = new CreatableTopicResult()
                .setName(topic.name())
                .setTopicId(topic.id())
                .setErrorMessage(null)
                .setNumPartitions(topic.partitions().size())
                .setReplicationFactor(
                        (short) topic.partitions().getFirst().replicas().size());
        if (request.version() >= FIRST_VERSION_WITH_CONFIGS) {
            TopicConfigs.describe(topic.configs(), metadata.brokerConfigs())
                    .forEach(config -> result.configs().add(described(config)));
        }
        return result;
    }

    private static CreatableTopicConfigs described(DescribedConfig config) {
        return new CreatableTopicConfigs()
                .setName(config.name())
                .setValue(config.value())
                .setReadOnly(config.readOnly())
                .setConfigSource(config.origin().id());
    }

    private static CreatableTopicResult failed(String name, Errors error, @Nullable String message) {
        return new CreatableTopicResult()
                .setName(name)
                .setErrorCode(error.code())
                .setErrorMessage(message);
    }

    static Errors error(Refusal kind) {
        return switch (kind) {
            case INVALID_NAME, NAME_COLLISION -> Errors.INVALID_TOPIC_EXCEPTION;
            case RESERVED_NAME, CONTRADICTION -> Errors.INVALID_REQUEST;
            case INVALID_PARTITIONS -> Errors.INVALID_PARTITIONS;
            case INVALID_REPLICATION_FACTOR -> Errors.INVALID_REPLICATION_FACTOR;
            case INVALID_ASSIGNMENT -> Errors.INVALID_REPLICA_ASSIGNMENT;
            case TOO_MANY_RECORDS -> Errors.POLICY_VIOLATION;
            case INVALID_CONFIG -> Errors.INVALID_CONFIG;
        };
    }

    private static Answer failAll(Request<CreateTopicsRequestData> request, Errors error, @Nullable String message) {
        var response = new CreateTopicsResponseData();
        for (var topic : request.message().topics()) {
            request.noteRefusal(
                    Subject.topic(topic.name()), error, error.name(), message == null ? error.message() : message);
            response.topics().add(failed(topic.name(), error, message));
        }
        return new Answer.Message(response);
    }
}
