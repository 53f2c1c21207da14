package io.vitrine.admin;

import java.util.Arrays;
import java.util.Optional;
import org.springframework.http.HttpStatus;

/// The errors of the Kafka protocol that REST callers meet, each with its code and the HTTP status that fits.
enum KafkaError {
    UNKNOWN_SERVER_ERROR(-1, HttpStatus.INTERNAL_SERVER_ERROR),
    OFFSET_OUT_OF_RANGE(1, HttpStatus.REQUESTED_RANGE_NOT_SATISFIABLE),
    CORRUPT_MESSAGE(2, HttpStatus.INTERNAL_SERVER_ERROR),
    UNKNOWN_TOPIC_OR_PARTITION(3, HttpStatus.NOT_FOUND),
    REQUEST_TIMED_OUT(7, HttpStatus.SERVICE_UNAVAILABLE),
    MESSAGE_TOO_LARGE(10, HttpStatus.CONTENT_TOO_LARGE),
    COORDINATOR_LOAD_IN_PROGRESS(14, HttpStatus.SERVICE_UNAVAILABLE),
    COORDINATOR_NOT_AVAILABLE(15, HttpStatus.SERVICE_UNAVAILABLE),
    NOT_COORDINATOR(16, HttpStatus.SERVICE_UNAVAILABLE),
    INVALID_TOPIC_EXCEPTION(17, HttpStatus.BAD_REQUEST),
    INVALID_GROUP_ID(24, HttpStatus.BAD_REQUEST),
    INVALID_COMMIT_OFFSET_SIZE(28, HttpStatus.BAD_REQUEST),
    INVALID_TIMESTAMP(32, HttpStatus.BAD_REQUEST),
    TOPIC_ALREADY_EXISTS(36, HttpStatus.CONFLICT),
    INVALID_PARTITIONS(37, HttpStatus.BAD_REQUEST),
    INVALID_REPLICATION_FACTOR(38, HttpStatus.BAD_REQUEST),
    INVALID_REPLICA_ASSIGNMENT(39, HttpStatus.BAD_REQUEST),
    INVALID_CONFIG(40, HttpStatus.BAD_REQUEST),
    INVALID_REQUEST(42, HttpStatus.BAD_REQUEST),
    POLICY_VIOLATION(44, HttpStatus.BAD_REQUEST),
    INVALID_TXN_STATE(48, HttpStatus.CONFLICT),
    KAFKA_STORAGE_ERROR(56, HttpStatus.SERVICE_UNAVAILABLE),
    NON_EMPTY_GROUP(68, HttpStatus.CONFLICT),
    GROUP_ID_NOT_FOUND(69, HttpStatus.NOT_FOUND),
    /// Kafka has no code for an offset inside the log that holds no record, as compaction leaves them.
    OFFSET_NOT_AVAILABLE(78, HttpStatus.NOT_FOUND),
    TOPIC_DELETION_DISABLED(73, HttpStatus.CONFLICT),
    GROUP_SUBSCRIBED_TO_TOPIC(86, HttpStatus.CONFLICT),
    INVALID_RECORD(87, HttpStatus.BAD_REQUEST),
    INVALID_UPDATE_VERSION(95, HttpStatus.CONFLICT),
    BROKER_ID_NOT_REGISTERED(102, HttpStatus.NOT_FOUND),
    TRANSACTIONAL_ID_NOT_FOUND(105, HttpStatus.NOT_FOUND);

    private final int code;
    private final HttpStatus status;

    KafkaError(int code, HttpStatus status) {
        this.code = code;
        this.status = status;
    }

    /// Finds an error by Kafka's name of it.
    static Optional<KafkaError> find(String name) {
        return Arrays.stream(values())
                .filter(error -> error.name().equals(name))
                .findFirst();
    }

    int code() {
        return code;
    }

    HttpStatus status() {
        return status;
    }
}
