package io.vitrine.handler;

import io.vitrine.protocol.Request;
import io.vitrine.protocol.Subject;
import org.apache.kafka.common.protocol.Errors;

/// What the handlers of all APIs of transactions do in the same way: turn what failed into the error of their version,
/// and keep why.
final class TransactionAnswers {
    private TransactionAnswers() {}

    /// The error that a client is told.
    ///
    /// @param subject what was asked about, such as a transactional id
    /// @param firstWithFenced clients know the error of a fenced producer from this version on; before, they
    /// know that of an old epoch
    static Errors refuse(Request<?> request, Subject subject, Throwable thrown, int firstWithFenced) {
        var error = GroupAnswers.errorOf(request, thrown);
        if (error == Errors.PRODUCER_FENCED && request.version() < firstWithFenced) {
            error = Errors.INVALID_PRODUCER_EPOCH;
        }
        request.noteRefusal(subject, error, error.name(), GroupAnswers.messageOf(thrown));
        return error;
    }

    /// As above, where all versions know that a producer may be fenced.
    static Errors refuse(Request<?> request, Subject subject, Throwable thrown) {
        return refuse(request, subject, thrown, 0);
    }
}
