package io.vitrine.handler;

import io.vitrine.metadata.ClusterImage;
import io.vitrine.metadata.CreateTopicOutcome;
import io.vitrine.metadata.MetadataService;
import io.vitrine.metadata.NewTopic;
import io.vitrine.metadata.Topic;
import io.vitrine.metadata.TopicPartitionState;
import io.vitrine.protocol.Answer;
import io.vitrine.protocol.Request;
import io.vitrine.protocol.RequestHandler;
import io.vitrine.protocol.Subject;
import io.vitrine.protocol.VersionRange;
import java.io.IOException;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataRequestData.MetadataRequestTopic;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseBroker;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponsePartition;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseTopic;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Describes the cluster and the topics asked for, and makes topics that are missing where that is allowed. A topic
/// made here has its logs open before the answer leaves, so the client need not ask again.
public final class MetadataHandler implements RequestHandler<MetadataRequestData> {
    private static final Logger log = LoggerFactory.getLogger(MetadataHandler.class);
    // Version 0 asks for all topics with an empty list, later ones with null.
    private static final short FIRST_VERSION_WITH_NULL_FOR_ALL = 1;
    private static final short FIRST_VERSION_WITH_AUTO_CREATION_FLAG = 4;
    private static final short FIRST_VERSION_WITH_NULL_NAMES = 12;
    // A client that wants more asks again: each has logs to open, and others wait behind it.
    private static final int MAX_TOPICS_MADE = 100;
    private static final int MAX_PARTITIONS_TOGETHER = 5_000;

    private final MetadataService metadata;
    private final AdvertisedAddress address;
    private final TopicCreation creation;
    private final Executor mayBlock;

    /// How a missing topic is made.
    ///
    /// @param automatic `auto.create.topics.enable`
    /// @param partitions `num.partitions`
    public record TopicCreation(boolean automatic, int partitions) {}

    /// @param mayBlock runs what writes the metadata log
    public MetadataHandler(
            MetadataService metadata, AdvertisedAddress address, TopicCreation creation, Executor mayBlock) {
        this.metadata = metadata;
        this.address = address;
        this.creation = creation;
        this.mayBlock = mayBlock;
    }

    @Override
    public ApiKeys apiKey() {
        return ApiKeys.METADATA;
    }

    @Override
    public VersionRange versions() {
        return VersionRange.of(0, 13);
    }

    @Override
    public CompletionStage<Answer> handle(Request<MetadataRequestData> request) {
        if (!isSound(request)) {
            return CompletableFuture.completedFuture(refuse(request));
        }
        var image = metadata.image();
        var missing = missingTopics(request, image);
        return missing.isEmpty()
                ? CompletableFuture.completedFuture(answer(request, image, Map.of()))
                : CompletableFuture.supplyAsync(
                        () -> {
                            var errors = create(request, missing);
                            return answer(request, metadata.image(), errors);
                        },
                        mayBlock);
    }

    private List<String> missingTopics(Request<MetadataRequestData> request, ClusterImage image) {
        var message = request.message();
        boolean allowed = creation.automatic()
                && (request.version() < FIRST_VERSION_WITH_AUTO_CREATION_FLAG || message.allowAutoTopicCreation());
        if (!allowed || asksForAll(request)) {
            return List.of();
        }
        return distinct(message.topics()).stream()
                .filter(topic -> !isById(topic))
                .map(MetadataRequestTopic::name)
                .limit(MAX_TOPICS_MADE)
                .filter(name -> !Topic.isInternal(name) && image.findTopic(name).isEmpty())
                .toList();
    }

    /// Makes the topics and returns the errors of those that could not be made.
    private Map<String, Errors> create(Request<MetadataRequestData> request, List<String> names) {
        var errors = new HashMap<String, Errors>();
        // As one change, or as few as are not too large.
        int together = Math.max(1, MAX_PARTITIONS_TOGETHER / creation.partitions());
        for (int from = 0; from < names.size(); from += together) {
            create(request, names.subList(from, Math.min(names.size(), from + together)), errors);
        }
        return errors;
    }

    private void create(Request<MetadataRequestData> request, List<String> names, Map<String, Errors> errors) {
        var wishes = names.stream()
                .map(name -> NewTopic.of(name, creation.partitions(), Map.of()))
                .toList();
        try {
            var outcomes = metadata.topicChanges().create(wishes, false);
            for (int i = 0; i < names.size(); i++) {
                if (outcomes.get(i) instanceof CreateTopicOutcome.Refused(var kind, var reason)) {
                    errors.put(names.get(i), Errors.INVALID_TOPIC_EXCEPTION);
                    request.noteRefusal(
                            Subject.topic(names.get(i)), Errors.INVALID_TOPIC_EXCEPTION, kind.name(), reason);
                }
            }
        } catch (IOException e) {
            log.error("Topics {} could not be made", names, e);
            for (var name : names) {
                errors.put(name, Errors.KAFKA_STORAGE_ERROR);
                request.noteRefusal(
                        Subject.topic(name), Errors.KAFKA_STORAGE_ERROR, "STORAGE", String.valueOf(e.getMessage()));
            }
        }
    }

    /// @param image looked at for all of the answer: a client must not see half of a change
    private Answer answer(Request<MetadataRequestData> request, ClusterImage image, Map<String, Errors> errors) {
        var own = address.forCaller(request.caller());
        var response =
                new MetadataResponseData().setClusterId(image.clusterId()).setControllerId(image.nodeId());
        response.brokers()
                .add(new MetadataResponseBroker()
                        .setNodeId(image.nodeId())
                        .setHost(own.host())
                        .setPort(own.port()));
        topics(request, image, errors).forEach(response.topics()::add);
        if (request.message().includeClusterAuthorizedOperations()) {
            response.setClusterAuthorizedOperations(AuthorizedOperations.ON_CLUSTER);
        }
        return new Answer.Message(response);
    }

    private static List<MetadataResponseTopic> topics(
            Request<MetadataRequestData> request, ClusterImage image, Map<String, Errors> errors) {
        boolean operations = request.message().includeTopicAuthorizedOperations();
        if (asksForAll(request)) {
            return image.topics().stream()
                    .map(topic -> describe(topic, operations))
                    .toList();
        }
        return distinct(request.message().topics()).stream()
                .map(asked -> find(asked, image)
                        .map(topic -> describe(topic, operations))
                        .orElseGet(() -> unknown(request, asked, errors)))
                .toList();
    }

    /// Each topic once, in order; where any is asked for by its id, names do not count, as in Kafka.
    private static Collection<MetadataRequestTopic> distinct(List<MetadataRequestTopic> asked) {
        var distinct = new LinkedHashSet<>(asked);
        if (distinct.stream().anyMatch(MetadataHandler::isById)) {
            distinct.removeIf(topic -> !isById(topic));
        }
        return distinct;
    }

    private static Optional<Topic> find(MetadataRequestTopic asked, ClusterImage image) {
        return isById(asked) ? image.findTopic(asked.topicId()) : image.findTopic(asked.name());
    }

    private static MetadataResponseTopic unknown(
            Request<MetadataRequestData> request, MetadataRequestTopic asked, Map<String, Errors> errors) {
        if (isById(asked)) {
            var id = asked.topicId().toString();
            var error = Errors.UNKNOWN_TOPIC_ID;
            request.noteRefusal(Subject.topic(id), error, error.name(), "no topic has the id " + id);
            return new MetadataResponseTopic()
                    .setErrorCode(error.code())
                    .setName(null)
                    .setTopicId(asked.topicId());
        }
        var failed = errors.get(asked.name());
        var error = failed == null ? TopicNameRule.errorFor(asked.name()) : failed;
        if (failed == null) {
            TopicNameRule.note(request, asked.name());
        }
        var unknown = new MetadataResponseTopic().setErrorCode(error.code()).setName(asked.name());
        return request.message().includeTopicAuthorizedOperations()
                ? unknown.setTopicAuthorizedOperations(AuthorizedOperations.ON_TOPIC)
                : unknown;
    }

    private static boolean isById(MetadataRequestTopic asked) {
        return !asked.topicId().equals(Uuid.ZERO_UUID);
    }

    /// Does every topic have a name or an id, and an id only where the version has room to say that it is unknown?
    private static boolean isSound(Request<MetadataRequestData> request) {
        return asksForAll(request)
                || request.message().topics().stream()
                        .allMatch(topic -> isById(topic)
                                ? request.version() >= FIRST_VERSION_WITH_NULL_NAMES
                                : topic.name() != null);
    }

    private static Answer refuse(Request<MetadataRequestData> request) {
        request.noteRefusal(
                Subject.whole(),
                Errors.INVALID_REQUEST,
                "TOPIC_NAMES",
                "expected a name, or from version 12 on an id, for each topic");
        var response = new MetadataResponseData().setErrorCode(Errors.INVALID_REQUEST.code());
        for (var asked : new LinkedHashSet<>(request.message().topics())) {
            response.topics()
                    .add(new MetadataResponseTopic()
                            .setErrorCode(Errors.INVALID_REQUEST.code())
                            .setName(asked.name() == null ? "" : asked.name())
                            .setTopicId(asked.topicId()));
        }
        return new Answer.Message(response);
    }

    private static MetadataResponseTopic describe(Topic topic, boolean operations) {
        var described = new MetadataResponseTopic()
                .setName(topic.name())
                .setTopicId(topic.id())
                .setIsInternal(topic.isInternal())
                .setPartitions(topic.partitions().stream()
                        .map(MetadataHandler::describe)
                        .toList());
        return operations ? described.setTopicAuthorizedOperations(AuthorizedOperations.ON_TOPIC) : described;
    }

    private static MetadataResponsePartition describe(TopicPartitionState state) {
        var error = state.leader() == TopicPartitionState.NO_LEADER ? Errors.LEADER_NOT_AVAILABLE : Errors.NONE;
        return new MetadataResponsePartition()
                .setErrorCode(error.code())
                .setPartitionIndex(state.index())
                .setLeaderId(state.leader())
                .setLeaderEpoch(state.leaderEpoch())
                .setReplicaNodes(state.replicas())
                .setIsrNodes(state.inSyncReplicas());
    }

    private static boolean asksForAll(Request<MetadataRequestData> request) {
        var topics = request.message().topics();
        return topics == null || (request.version() < FIRST_VERSION_WITH_NULL_FOR_ALL && topics.isEmpty());
    }
}
