package io.vitrine.handler;

import io.vitrine.protocol.Request;
import io.vitrine.protocol.Subject;
import java.util.concurrent.CompletionException;
import org.apache.kafka.common.protocol.Errors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What the handlers of all APIs of transactions do in the same way: turn what failed into the error of their version,
/// and keep why.
final class TransactionAnswers {
    private static final Logger log = LoggerFactory.getLogger(TransactionAnswers.class);

    private TransactionAnswers() {}

    /// The error that a client is told.
    ///
    /// @param subject what was asked about, such as a transactional id
    /// @param firstWithFenced clients know the error of a fenced producer from this version on; before, they
    /// know that of an old epoch
    static Errors refuse(Request<?> request, Subject subject, Throwable thrown, int firstWithFenced) {
        var cause = thrown instanceof CompletionException && thrown.getCause() != null ? thrown.getCause() : thrown;
        var error = Errors.forException(cause);
        if (error == Errors.UNKNOWN_SERVER_ERROR) {
            log.error(
                    "{} from {} failed", request.apiKey().name, request.caller().address(), cause);
        }
        if (error == Errors.PRODUCER_FENCED && request.version() < firstWithFenced) {
            error = Errors.INVALID_PRODUCER_EPOCH;
        }
        request.noteRefusal(subject, error, error.name(), String.valueOf(cause.getMessage()));
        return error;
    }

    /// As above, where all versions know that a producer may be fenced.
    static Errors refuse(Request<?> request, Subject subject, Throwable thrown) {
        return refuse(request, subject, thrown, 0);
    }
}
