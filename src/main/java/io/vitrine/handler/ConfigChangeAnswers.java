package io.vitrine.handler;

import io.vitrine.metadata.ConfigOutcome;
import io.vitrine.metadata.ConfigOutcome.Changed;
import io.vitrine.metadata.ConfigOutcome.Refused;
import io.vitrine.protocol.Request;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/// What a client is told of the outcome of a change of configs.
///
/// @param message null if it went well
record ConfigChangeAnswers(Errors error, @Nullable String message) {
    static final ConfigChangeAnswers DONE = new ConfigChangeAnswers(Errors.NONE, null);

    static ConfigChangeAnswers of(ConfigOutcome outcome) {
        return switch (outcome) {
            case Changed _ -> DONE;
            case Refused(var kind, var reason) ->
                new ConfigChangeAnswers(
                        switch (kind) {
                            case INVALID_REQUEST -> Errors.INVALID_REQUEST;
                            case INVALID_CONFIG -> Errors.INVALID_CONFIG;
                            case INVALID_TOPIC_NAME -> Errors.INVALID_TOPIC_EXCEPTION;
                            case UNKNOWN_TOPIC -> Errors.UNKNOWN_TOPIC_OR_PARTITION;
                        },
                        reason);
        };
    }

    static ConfigChangeAnswers storageFailed() {
        return new ConfigChangeAnswers(Errors.KAFKA_STORAGE_ERROR, Errors.KAFKA_STORAGE_ERROR.message());
    }

    /// Keeps why it was refused, if it was.
    void note(Request<?> request, String resource) {
        if (error != Errors.NONE) {
            request.noteRefusal(resource, error, error.name(), String.valueOf(message));
        }
    }
}
