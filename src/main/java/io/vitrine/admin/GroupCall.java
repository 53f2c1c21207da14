package io.vitrine.admin;

import io.vitrine.group.GroupDirectory;
import io.vitrine.group.GroupRefusedException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Waits for what the group coordinator answers.
final class GroupCall {
    private static final int PATIENCE_SECONDS = 15;

    private GroupCall() {}

    /// The answer, once it is there.
    ///
    /// @throws ApiProblem if the coordinator refuses, or does not answer in time
    static <T> T await(CompletableFuture<T> asked) {
        try {
            return asked.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            var failure = GroupDirectory.failure(e.getCause() == null ? e : e.getCause());
            throw failure instanceof GroupRefusedException refusal ? problem(refusal) : failure;
        } catch (TimeoutException e) {
            throw GroupProblem.of(
                    KafkaError.REQUEST_TIMED_OUT.name(),
                    "The coordinator has not answered within %d seconds.".formatted(PATIENCE_SECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw GroupProblem.of(KafkaError.COORDINATOR_NOT_AVAILABLE.name(), "The broker is stopping.");
        }
    }

    static ApiProblem problem(GroupRefusedException refusal) {
        return GroupProblem.of(refusal.errorName(), String.valueOf(refusal.getMessage()));
    }
}
