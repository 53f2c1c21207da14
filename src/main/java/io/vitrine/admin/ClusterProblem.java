package io.vitrine.admin;

import java.io.IOException;

/// What can be wrong with a call about the cluster.
final class ClusterProblem {
    private ClusterProblem() {}

    static ApiProblem unknownBroker(int id) {
        return unknownBroker(String.valueOf(id));
    }

    static ApiProblem unknownBroker(String id) {
        return new ApiProblem(
                KafkaError.BROKER_ID_NOT_REGISTERED, "Unknown broker", "There is no broker %s.".formatted(id));
    }

    static ApiProblem featureRefused(String feature, String reason) {
        return new ApiProblem(KafkaError.INVALID_UPDATE_VERSION, "Feature not changed", reason)
                .with("feature", feature);
    }

    static ApiProblem metadataFailed(IOException cause) {
        var problem =
                new ApiProblem(KafkaError.KAFKA_STORAGE_ERROR, "Not written", "The metadata log could not be written.");
        problem.initCause(cause);
        return problem;
    }
}
