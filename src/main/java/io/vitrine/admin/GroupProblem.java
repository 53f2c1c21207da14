package io.vitrine.admin;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;

/// What the group coordinator does not do, as a problem.
final class GroupProblem {
    private GroupProblem() {}

    /// What the group coordinator says.
    ///
    /// @param error Kafka's name of why it refuses
    static ApiProblem of(String error, String detail) {
        var known = KafkaError.find(error).orElse(KafkaError.UNKNOWN_SERVER_ERROR);
        var title =
                switch (known) {
                    case GROUP_ID_NOT_FOUND -> "Unknown group";
                    case NON_EMPTY_GROUP, GROUP_SUBSCRIBED_TO_TOPIC -> "Group in use";
                    default -> known.status().is5xxServerError() ? "Groups not available" : "Refused";
                };
        // A reason that is not in our list has a name that says more than none.
        var text = known == KafkaError.UNKNOWN_SERVER_ERROR ? "%s: %s".formatted(error, detail) : detail;
        var problem = new ApiProblem(known, title, text);
        if (known.status() == HttpStatus.SERVICE_UNAVAILABLE) {
            problem.getHeaders().set(HttpHeaders.RETRY_AFTER, "1");
        }
        return problem;
    }
}
