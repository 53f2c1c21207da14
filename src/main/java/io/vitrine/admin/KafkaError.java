package io.vitrine.admin;

import org.springframework.http.HttpStatus;

/// The errors of the Kafka protocol that REST callers meet, each with its code and the HTTP status that fits.
enum KafkaError {
    UNKNOWN_SERVER_ERROR(-1, HttpStatus.INTERNAL_SERVER_ERROR),
    OFFSET_OUT_OF_RANGE(1, HttpStatus.REQUESTED_RANGE_NOT_SATISFIABLE),
    CORRUPT_MESSAGE(2, HttpStatus.INTERNAL_SERVER_ERROR),
    UNKNOWN_TOPIC_OR_PARTITION(3, HttpStatus.NOT_FOUND),
    MESSAGE_TOO_LARGE(10, HttpStatus.CONTENT_TOO_LARGE),
    INVALID_TOPIC_EXCEPTION(17, HttpStatus.BAD_REQUEST),
    INVALID_TIMESTAMP(32, HttpStatus.BAD_REQUEST),
    INVALID_REQUEST(42, HttpStatus.BAD_REQUEST),
    KAFKA_STORAGE_ERROR(56, HttpStatus.SERVICE_UNAVAILABLE),
    INVALID_RECORD(87, HttpStatus.BAD_REQUEST),
    /// Kafka has no code for an offset inside the log that holds no record, as compaction leaves them.
    OFFSET_NOT_AVAILABLE(78, HttpStatus.NOT_FOUND);

    private final int code;
    private final HttpStatus status;

    KafkaError(int code, HttpStatus status) {
        this.code = code;
        this.status = status;
    }

    int code() {
        return code;
    }

    HttpStatus status() {
        return status;
    }
}
