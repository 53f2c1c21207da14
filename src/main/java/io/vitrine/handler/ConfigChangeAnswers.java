package io.vitrine.handler;

import io.vitrine.metadata.ConfigChanges;
import io.vitrine.metadata.ConfigOutcome;
import io.vitrine.metadata.ConfigOutcome.Changed;
import io.vitrine.metadata.ConfigOutcome.Refused;
import io.vitrine.metadata.ConfigWish;
import io.vitrine.protocol.Request;
import io.vitrine.protocol.Subject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
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

    /// What is asked for one resource of a request: a change, or nothing that could be done, with the answer to it.
    sealed interface Part {
        record Change(ConfigWish wish) implements Part {}

        record Answered(ConfigChangeAnswers answer) implements Part {}
    }

    static Part refused(String reason) {
        return new Part.Answered(new ConfigChangeAnswers(Errors.INVALID_REQUEST, reason));
    }

    static Part unknownType(byte resourceType) {
        return refused("Unknown resource type " + resourceType);
    }

    /// Makes the changes of a request.
    ///
    /// @return the answers to all parts, in their order
    static List<ConfigChangeAnswers> apply(ConfigChanges changes, List<Part> parts, boolean validateOnly)
            throws IOException {
        var wishes = new ArrayList<ConfigWish>();
        for (var part : parts) {
            if (part instanceof Part.Change(var wish)) {
                wishes.add(wish);
            }
        }
        var outcomes = changes.apply(wishes, validateOnly).iterator();
        return parts.stream()
                .map(part -> switch (part) {
                    case Part.Change _ -> of(outcomes.next());
                    case Part.Answered(var answer) -> answer;
                })
                .toList();
    }

    static ConfigChangeAnswers storageFailed() {
        return new ConfigChangeAnswers(Errors.KAFKA_STORAGE_ERROR, Errors.KAFKA_STORAGE_ERROR.message());
    }

    /// Keeps why it was refused, if it was.
    void note(Request<?> request, String resource) {
        if (error != Errors.NONE) {
            request.noteRefusal(Subject.other(resource), error, error.name(), String.valueOf(message));
        }
    }
}
