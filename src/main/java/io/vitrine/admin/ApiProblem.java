package io.vitrine.admin;

import io.vitrine.log.DamagedRange;
import io.vitrine.log.Offsets;
import io.vitrine.metadata.TopicPartition;
import java.util.List;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.ErrorResponseException;

/// What a caller asked for can't be given: an RFC 9457 problem with Kafka's code and name of the error.
final class ApiProblem extends ErrorResponseException {
    private static final long serialVersionUID = 1;

    /// One bad parameter, or field of a body.
    record Violation(String parameter, String message) {}

    ApiProblem(KafkaError error, String title, String detail) {
        super(error.status(), document(error, title, detail), null);
    }

    /// A problem that Kafka has no error for.
    ApiProblem(HttpStatus status, String title, String detail) {
        super(status, ProblemDetail.forStatusAndDetail(status, detail), null);
        getBody().setTitle(title);
    }

    static ProblemDetail document(KafkaError error, String title, String detail) {
        var document = ProblemDetail.forStatusAndDetail(error.status(), detail);
        document.setTitle(title);
        document.setProperty("errorCode", error.code());
        document.setProperty("errorName", error.name());
        return document;
    }

    static ApiProblem unknownTopic(String topic) {
        return new ApiProblem(
                KafkaError.UNKNOWN_TOPIC_OR_PARTITION, "Unknown topic", "There is no topic '%s'.".formatted(topic));
    }

    static ApiProblem unknownPartition(String topic, int partition) {
        return new ApiProblem(
                KafkaError.UNKNOWN_TOPIC_OR_PARTITION,
                "Unknown partition",
                "There is no partition %d of topic '%s' on this broker.".formatted(partition, topic));
    }

    static ApiProblem invalidTopic(String message) {
        var problem = new ApiProblem(KafkaError.INVALID_TOPIC_EXCEPTION, "Invalid topic name", message);
        return problem.with("violations", List.of(new Violation("topic", message)));
    }

    static ApiProblem badParameters(List<Violation> violations) {
        var problem = new ApiProblem(
                KafkaError.INVALID_REQUEST,
                "Bad parameter",
                violations.size() == 1
                        ? "One of the parameters cannot be used."
                        : "%d of the parameters cannot be used.".formatted(violations.size()));
        return problem.with("violations", List.copyOf(violations));
    }

    static ApiProblem badParameter(String parameter, String message) {
        return badParameters(List.of(new Violation(parameter, message)));
    }

    static ApiProblem offsetOutOfRange(TopicPartition partition, long offset, Offsets offsets) {
        var problem = new ApiProblem(
                KafkaError.OFFSET_OUT_OF_RANGE,
                "Offset out of range",
                "Offset %d is outside %s, whose offsets run from %d to %d, exclusive."
                        .formatted(offset, partition, offsets.logStartOffset(), offsets.logEndOffset()));
        return problem.with("logStartOffset", offsets.logStartOffset()).with("logEndOffset", offsets.logEndOffset());
    }

    static ApiProblem noRecordAt(TopicPartition partition, long offset) {
        return new ApiProblem(
                KafkaError.OFFSET_NOT_AVAILABLE,
                "No record at this offset",
                "%s holds nothing at offset %d, although the offset is in its range.".formatted(partition, offset));
    }

    static ApiProblem unknownSegment(TopicPartition partition, long baseOffset) {
        return new ApiProblem(
                HttpStatus.NOT_FOUND,
                "Unknown segment",
                "%s has no segment that begins at offset %d.".formatted(partition, baseOffset));
    }

    /// @param size of the file of which `range` was asked for
    static ApiProblem rangeNotSatisfiable(String range, long size) {
        var problem = new ApiProblem(
                HttpStatus.REQUESTED_RANGE_NOT_SATISFIABLE,
                "Range not satisfiable",
                "The file has %d bytes; '%s' is none of its ranges.".formatted(size, range));
        problem.getHeaders().set(HttpHeaders.CONTENT_RANGE, "bytes */" + size);
        return problem;
    }

    static ApiProblem unknownTopicToWrite(String topic) {
        return new ApiProblem(
                KafkaError.UNKNOWN_TOPIC_OR_PARTITION,
                "Unknown topic",
                "There is no topic '%s', and writing does not create one; clients that ask for its metadata do."
                        .formatted(topic));
    }

    /// @param records what can't be written and why
    static ApiProblem badRecords(List<RecordViolation> records) {
        return badRecords(KafkaError.INVALID_RECORD, wrongWith("the records", records.size()), records);
    }

    static ApiProblem badRecords(KafkaError error, String detail, List<RecordViolation> records) {
        return new ApiProblem(error, "Records refused", detail).with("violations", List.copyOf(records));
    }

    /// The body is not what it says it is.
    static ApiProblem badBody(String detail) {
        return new ApiProblem(KafkaError.INVALID_REQUEST, "Bad body", detail);
    }

    /// @param fields of the body, and what is wrong with each
    static ApiProblem badFields(List<Violation> fields) {
        return badBody(wrongWith("the body", fields.size())).with("violations", List.copyOf(fields));
    }

    private static String wrongWith(String what, int count) {
        return count == 1
                ? "One thing is wrong with %s.".formatted(what)
                : "%d things are wrong with %s.".formatted(count, what);
    }

    static ApiProblem bodyTooLarge(String detail) {
        return new ApiProblem(KafkaError.MESSAGE_TOO_LARGE, "Body too large", detail);
    }

    static ApiProblem notWritten(String topic, String reason) {
        return new ApiProblem(KafkaError.KAFKA_STORAGE_ERROR, "Not written", "Topic %s: %s".formatted(topic, reason));
    }

    /// @param topic of which some partition can't be read, as the reason says
    static ApiProblem storageFailed(String topic, String reason) {
        return new ApiProblem(
                KafkaError.KAFKA_STORAGE_ERROR,
                "Log not readable",
                "Topic %s cannot be read: %s".formatted(topic, reason));
    }

    static ApiProblem storageFailed(TopicPartition partition, String reason) {
        return new ApiProblem(
                KafkaError.KAFKA_STORAGE_ERROR,
                "Log not readable",
                "%s cannot be read: %s".formatted(partition, reason));
    }

    static ApiProblem damaged(TopicPartition partition, long baseOffset, String reason) {
        return new ApiProblem(
                KafkaError.CORRUPT_MESSAGE,
                "Damaged batch",
                "The batch at offset %d of %s is damaged: %s.".formatted(baseOffset, partition, reason));
    }

    static ApiProblem damaged(TopicPartition partition, DamagedRange range) {
        return new ApiProblem(
                        KafkaError.CORRUPT_MESSAGE,
                        "Damaged log",
                        "Of %s, %s. Offset %d can be read.".formatted(partition, range, range.nextOffset()))
                .with("damaged", DamagedRangeView.of(range));
    }

    ApiProblem with(String name, Object value) {
        getBody().setProperty(name, value);
        return this;
    }
}
