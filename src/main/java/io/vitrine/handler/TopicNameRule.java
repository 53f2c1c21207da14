package io.vitrine.handler;

import io.vitrine.metadata.Topic;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/// What Kafka answers for a topic that does not exist: whether it could exist decides.
final class TopicNameRule {
    private TopicNameRule() {}

    static Errors errorFor(@Nullable String name) {
        return name != null && Topic.isLegal(name) ? Errors.UNKNOWN_TOPIC_OR_PARTITION : Errors.INVALID_TOPIC_EXCEPTION;
    }
}
