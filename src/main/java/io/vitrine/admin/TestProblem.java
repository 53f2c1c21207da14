package io.vitrine.admin;

import io.vitrine.control.SnapshotException;
import io.vitrine.control.Waited;
import org.springframework.http.HttpStatus;

/// What test controls could not do, as a problem.
final class TestProblem {
    private TestProblem() {}

    /// It was not so when the time was up. The status is not 408, at which some clients ask again by themselves.
    static ApiProblem notReached(Waited waited) {
        return new ApiProblem(
                        HttpStatus.GATEWAY_TIMEOUT,
                        "Not reached",
                        "It was not so within %d ms; 'state' is what was found last.".formatted(waited.waitedMs()))
                .with("errorCode", KafkaError.REQUEST_TIMED_OUT.code())
                .with("errorName", KafkaError.REQUEST_TIMED_OUT.name())
                .with("waitedMs", waited.waitedMs())
                .with("state", waited.state());
    }

    static ApiProblem of(SnapshotException failure) {
        var detail = String.valueOf(failure.getMessage());
        return switch (failure.kind()) {
            case BAD_NAME -> ApiProblem.badParameter("name", detail);
            case UNKNOWN -> new ApiProblem(HttpStatus.NOT_FOUND, "Unknown snapshot", detail);
            case EXISTS, TOO_MANY -> new ApiProblem(HttpStatus.CONFLICT, "Snapshot not made", detail);
            case TOO_LARGE -> new ApiProblem(KafkaError.POLICY_VIOLATION, "Snapshot not restored", detail);
            case STORAGE -> new ApiProblem(KafkaError.KAFKA_STORAGE_ERROR, "The disk failed", detail);
        };
    }

    static ApiProblem stopping() {
        return new ApiProblem(HttpStatus.SERVICE_UNAVAILABLE, "Interrupted", "The broker is stopping.");
    }
}
