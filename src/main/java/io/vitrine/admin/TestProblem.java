package io.vitrine.admin;

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

    static ApiProblem stopping() {
        return new ApiProblem(HttpStatus.SERVICE_UNAVAILABLE, "Interrupted", "The broker is stopping.");
    }
}
