package io.vitrine.admin;

import io.vitrine.transaction.TransactionRefusedException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;

/// What the coordinator of transactions does not do, as a problem.
final class TransactionProblem {
    private static final int PATIENCE_SECONDS = 15;

    private TransactionProblem() {}

    /// The answer of the coordinator, once it is there.
    ///
    /// @throws ApiProblem if it refuses, or does not answer in time
    static <T> T await(CompletableFuture<T> asked) {
        try {
            return asked.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            var failure = TransactionRefusedException.of(e);
            throw failure instanceof TransactionRefusedException refusal
                    ? of(refusal.errorName(), String.valueOf(refusal.getMessage()))
                    : failure;
        } catch (TimeoutException e) {
            throw of(
                    KafkaError.REQUEST_TIMED_OUT.name(),
                    "The coordinator has not answered within %d seconds.".formatted(PATIENCE_SECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw of(KafkaError.COORDINATOR_NOT_AVAILABLE.name(), "The broker is stopping.");
        }
    }

    static ApiProblem unknown(String transactionalId) {
        return new ApiProblem(
                KafkaError.TRANSACTIONAL_ID_NOT_FOUND,
                "Unknown transactional id",
                "Nobody uses the transactional id '%s'.".formatted(transactionalId));
    }

    static ApiProblem notOpen(String transactionalId) {
        return new ApiProblem(
                KafkaError.INVALID_TXN_STATE,
                "No open transaction",
                "There is no open transaction of '%s' that could be aborted.".formatted(transactionalId));
    }

    private static ApiProblem of(String error, String detail) {
        var known = KafkaError.find(error).orElse(KafkaError.UNKNOWN_SERVER_ERROR);
        var title = known.status().is5xxServerError() ? "Transactions not available" : "Refused";
        var text = known == KafkaError.UNKNOWN_SERVER_ERROR ? "%s: %s".formatted(error, detail) : detail;
        var problem = new ApiProblem(known, title, text);
        if (known.status() == HttpStatus.SERVICE_UNAVAILABLE) {
            problem.getHeaders().set(HttpHeaders.RETRY_AFTER, "1");
        }
        return problem;
    }
}
