package io.vitrine.transaction;

import java.util.concurrent.ExecutionException;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.protocol.Errors;

/// The coordinator does not do what it was asked, or can't tell.
public final class TransactionRefusedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final String errorName;

    private TransactionRefusedException(String errorName, String message, Throwable cause) {
        super(message, cause);
        this.errorName = errorName;
    }

    /// What a call of [TransactionCalls] has failed with; one that is nobody's refusal but our failure as it is.
    public static RuntimeException of(Throwable thrown) {
        var cause = Causes.of(
                thrown instanceof ExecutionException && thrown.getCause() != null ? thrown.getCause() : thrown);
        if (cause instanceof ApiException) {
            return new TransactionRefusedException(
                    Errors.forException(cause).name(), String.valueOf(cause.getMessage()), cause);
        }
        return cause instanceof RuntimeException failure ? failure : new IllegalStateException(cause);
    }

    /// Kafka's name of the error.
    public String errorName() {
        return errorName;
    }
}
