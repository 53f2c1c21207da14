package io.vitrine.admin;

import io.vitrine.admin.ApiProblem.Violation;
import io.vitrine.metadata.ConfigOutcome;
import io.vitrine.metadata.CreateTopicOutcome;
import io.vitrine.metadata.DeleteTopicOutcome;
import io.vitrine.metadata.GrowTopicOutcome;
import io.vitrine.metadata.Topic;
import io.vitrine.metadata.TopicPartition;
import java.io.IOException;
import java.util.List;

/// Why a topic is not created, changed or deleted, as a problem.
final class TopicProblem {
    private static final String NOT_CREATED = "Topic not created";
    private static final String NOT_CHANGED = "Topic not changed";
    private static final String NOT_DELETED = "Topic not deleted";

    private TopicProblem() {}

    static ApiProblem alreadyExists(Topic topic) {
        return new ApiProblem(
                        KafkaError.TOPIC_ALREADY_EXISTS,
                        NOT_CREATED,
                        "Topic '%s' already exists.".formatted(topic.name()))
                .with("topicId", topic.id().toString())
                .with("partitions", topic.partitions().size());
    }

    static ApiProblem notCreated(CreateTopicOutcome.Refused refused) {
        return switch (refused.kind()) {
            case INVALID_NAME, NAME_COLLISION ->
                problem(KafkaError.INVALID_TOPIC_EXCEPTION, NOT_CREATED, "name", refused.reason());
            case RESERVED_NAME -> problem(KafkaError.INVALID_REQUEST, NOT_CREATED, "name", refused.reason());
            case INVALID_PARTITIONS ->
                problem(KafkaError.INVALID_PARTITIONS, NOT_CREATED, "partitions", refused.reason());
            case INVALID_REPLICATION_FACTOR ->
                problem(KafkaError.INVALID_REPLICATION_FACTOR, NOT_CREATED, "replicationFactor", refused.reason());
            case CONTRADICTION, INVALID_ASSIGNMENT ->
                problem(KafkaError.INVALID_REPLICA_ASSIGNMENT, NOT_CREATED, "", refused.reason());
            case TOO_MANY_RECORDS -> problem(KafkaError.POLICY_VIOLATION, NOT_CREATED, "partitions", refused.reason());
            case INVALID_CONFIG -> problem(KafkaError.INVALID_CONFIG, NOT_CREATED, "configs", refused.reason());
        };
    }

    static ApiProblem notGrown(GrowTopicOutcome.Refused refused) {
        var error =
                switch (refused.kind()) {
                    case NO_INCREASE -> KafkaError.INVALID_PARTITIONS;
                    case INVALID_REPLICATION_FACTOR -> KafkaError.INVALID_REPLICATION_FACTOR;
                    case INVALID_ASSIGNMENT -> KafkaError.INVALID_REPLICA_ASSIGNMENT;
                    case TOO_MANY_RECORDS -> KafkaError.POLICY_VIOLATION;
                };
        return problem(error, NOT_CHANGED, "partitions", refused.reason());
    }

    static ApiProblem notDeleted(DeleteTopicOutcome.Refused refused) {
        return switch (refused.kind()) {
            case DISABLED -> new ApiProblem(KafkaError.TOPIC_DELETION_DISABLED, NOT_DELETED, refused.reason());
            case TOO_MANY_RECORDS -> new ApiProblem(KafkaError.POLICY_VIOLATION, NOT_DELETED, refused.reason());
        };
    }

    static ApiProblem notConfigured(ConfigOutcome.Refused refused) {
        var error =
                switch (refused.kind()) {
                    case INVALID_REQUEST -> KafkaError.INVALID_REQUEST;
                    case INVALID_CONFIG -> KafkaError.INVALID_CONFIG;
                    case INVALID_TOPIC_NAME -> KafkaError.INVALID_TOPIC_EXCEPTION;
                    case UNKNOWN_TOPIC -> KafkaError.UNKNOWN_TOPIC_OR_PARTITION;
                };
        return new ApiProblem(error, "Configs not changed", refused.reason());
    }

    static ApiProblem notDeletable(TopicPartition partition) {
        return new ApiProblem(
                KafkaError.POLICY_VIOLATION,
                "Records not deleted",
                "Records of %s can't be deleted: cleanup.policy is compact alone.".formatted(partition));
    }

    /// The groups live in such topics; whoever really wants them gone has Kafka's tools for it.
    static ApiProblem internal(String topic) {
        return new ApiProblem(
                KafkaError.INVALID_TOPIC_EXCEPTION,
                "Internal topic",
                "'%s' is Kafka's own, and is not changed from here.".formatted(topic));
    }

    /// The disk has failed, and nothing has changed.
    static ApiProblem notWritten(IOException failure) {
        return new ApiProblem(
                KafkaError.KAFKA_STORAGE_ERROR,
                "Not written",
                "The change could not be written to the metadata log: %s".formatted(failure.getMessage()));
    }

    private static ApiProblem problem(KafkaError error, String title, String field, String reason) {
        return new ApiProblem(error, title, reason).with("violations", List.of(new Violation(field, reason)));
    }
}
