package io.vitrine.handler;

import io.vitrine.metadata.Topic;
import io.vitrine.protocol.Request;
import io.vitrine.protocol.Subject;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/// What Kafka answers for a topic that does not exist: whether it could exist decides.
final class TopicNameRule {
    private TopicNameRule() {}

    static Errors errorFor(@Nullable String name) {
        return name != null && Topic.isLegal(name) ? Errors.UNKNOWN_TOPIC_OR_PARTITION : Errors.INVALID_TOPIC_EXCEPTION;
    }

    /// Keeps that the topic does not exist.
    static void note(Request<?> request, @Nullable String name) {
        var error = errorFor(name);
        var detail = error == Errors.INVALID_TOPIC_EXCEPTION
                ? "a topic's name has 1 to 249 of a-z, A-Z, 0-9, '.', '_' and '-', and is neither '.' nor '..'"
                : "no topic is called " + name;
        request.noteRefusal(Subject.topic(String.valueOf(name)), error, error.name(), detail);
    }
}
