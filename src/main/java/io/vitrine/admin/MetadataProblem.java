package io.vitrine.admin;

import org.springframework.http.HttpStatus;

/// What goes wrong when somebody looks into the metadata log.
final class MetadataProblem {
    private MetadataProblem() {}

    /// @param first the first offset whose metadata can be told
    static ApiProblem outOfRange(long offset, long first, long end) {
        var problem = new ApiProblem(
                KafkaError.OFFSET_OUT_OF_RANGE,
                "Offset out of range",
                "The metadata at offset %d can't be told; it can from %d, the oldest checkpoint or record, to %d."
                        .formatted(offset, first, end));
        return problem.with("firstOffset", first).with("endOffset", end);
    }

    static ApiProblem unknownCheckpoint(String name) {
        return new ApiProblem(
                HttpStatus.NOT_FOUND,
                "Unknown checkpoint",
                "There is no checkpoint '%s' of the metadata log.".formatted(QueryParameters.echo(name)));
    }
}
