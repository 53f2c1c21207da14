package io.vitrine.group;

import java.util.Optional;
import java.util.concurrent.CompletionException;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/// The coordinator does not do what was asked of it, for one of Kafka's reasons.
public final class GroupRefusedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final Errors error;

    GroupRefusedException(Errors error, String message) {
        super(message);
        this.error = error;
    }

    /// Kafka's name of the reason.
    public String errorName() {
        return error.name();
    }

    static GroupRefusedException unknownGroup(String groupId) {
        return new GroupRefusedException(Errors.GROUP_ID_NOT_FOUND, "There is no group '%s'.".formatted(groupId));
    }

    /// What a group's part of an answer says.
    static Optional<GroupRefusedException> find(short code, @Nullable String message) {
        var error = Errors.forCode(code);
        return error == Errors.NONE
                ? Optional.empty()
                : Optional.of(new GroupRefusedException(
                        error, message == null || message.isEmpty() ? error.message() : message));
    }

    /// Throws what the answer says, if it says no.
    static void check(short code, @Nullable String message) {
        find(code, message).ifPresent(refusal -> {
            throw refusal;
        });
    }

    /// What a question to the coordinator ended with, as a refusal if it is one; else what it is.
    static RuntimeException of(Throwable thrown) {
        var cause = thrown instanceof CompletionException && thrown.getCause() != null ? thrown.getCause() : thrown;
        if (cause instanceof GroupRefusedException refusal) {
            return refusal;
        }
        var error = Errors.forException(cause);
        return error == Errors.UNKNOWN_SERVER_ERROR
                ? new IllegalStateException("The group coordinator has failed", cause)
                : new GroupRefusedException(error, cause.getMessage() == null ? error.message() : cause.getMessage());
    }
}
