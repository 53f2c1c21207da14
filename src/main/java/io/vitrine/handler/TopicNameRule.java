package io.vitrine.handler;

import java.util.regex.Pattern;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/// What Kafka answers for a topic that does not exist: whether it could exist decides.
final class TopicNameRule {
    private static final Pattern LEGAL = Pattern.compile("[a-zA-Z0-9._-]{1,249}");

    private TopicNameRule() {}

    static Errors errorFor(@Nullable String name) {
        boolean legal = name != null && LEGAL.matcher(name).matches() && !name.equals(".") && !name.equals("..");
        return legal ? Errors.UNKNOWN_TOPIC_OR_PARTITION : Errors.INVALID_TOPIC_EXCEPTION;
    }
}
