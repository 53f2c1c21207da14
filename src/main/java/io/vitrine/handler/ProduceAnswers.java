package io.vitrine.handler;

import io.vitrine.log.Offsets;
import io.vitrine.partition.AppendOutcome;
import io.vitrine.partition.Partition;
import io.vitrine.partition.TransactionGate;
import io.vitrine.protocol.Answer;
import io.vitrine.protocol.Closing;
import io.vitrine.protocol.Facts;
import io.vitrine.protocol.Request;
import io.vitrine.protocol.Subject;
import io.vitrine.record.Refusal;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.message.ProduceResponseData.BatchIndexAndErrorMessage;
import org.apache.kafka.common.message.ProduceResponseData.PartitionProduceResponse;
import org.apache.kafka.common.protocol.Errors;

/// What a Produce request is answered, partition by partition: what has become of the batches in Kafka's words.
final class ProduceAnswers {
    private static final short ACKS_NONE = 0;
    private static final short FIRST_VERSION_WITH_ABORTABLE = 11;
    private static final short FIRST_VERSION_THAT_ADDS_PARTITIONS = 12;
    private static final short FIRST_VERSION_WITH_IDS = 13;
    private static final long UNKNOWN = -1;

    private ProduceAnswers() {}

    static void fill(
            Request<ProduceRequestData> request,
            PartitionProduceResponse response,
            Partition partition,
            AppendOutcome outcome) {
        switch (outcome) {
            case AppendOutcome.Appended(long baseOffset, long logAppendTimeMs, long logStartOffset) ->
                response.setBaseOffset(baseOffset)
                        .setLogAppendTimeMs(logAppendTimeMs)
                        .setLogStartOffset(logStartOffset);
            // A retry succeeds with the offset of the first attempt, so the producer never sees an error.
            case AppendOutcome.Duplicate(long baseOffset, long logAppendTimeMs, long logStartOffset) ->
                response.setBaseOffset(baseOffset)
                        .setLogAppendTimeMs(logAppendTimeMs)
                        .setLogStartOffset(logStartOffset);
            case AppendOutcome.Refused(Refusal refusal) -> fill(request, response, partition, refusal);
            case AppendOutcome.StorageFailed(String reason) -> {
                fail(response, Errors.KAFKA_STORAGE_ERROR, reason);
                request.noteRefusal(subject(partition), Errors.KAFKA_STORAGE_ERROR, "STORAGE", reason);
            }
            case AppendOutcome.Deleted() -> {
                var error = request.version() >= FIRST_VERSION_WITH_IDS
                        ? Errors.UNKNOWN_TOPIC_ID
                        : Errors.UNKNOWN_TOPIC_OR_PARTITION;
                fail(response, error, "The topic was deleted.");
                request.noteRefusal(subject(partition), error, "TOPIC_DELETED", "the topic was deleted");
            }
        }
    }

    private static void fill(
            Request<ProduceRequestData> request,
            PartitionProduceResponse response,
            Partition partition,
            Refusal refusal) {
        var error = errorFor(refusal.reason());
        fail(response, error, refusal.message());
        if (tellsLogStart(error, refusal.reason())) {
            response.setLogStartOffset(
                    partition.findOffsets().map(Offsets::logStartOffset).orElse(UNKNOWN));
        }
        if (refusal.recordIndex() != Refusal.WHOLE_BATCH) {
            response.recordErrors()
                    .add(new BatchIndexAndErrorMessage()
                            .setBatchIndex(refusal.recordIndex())
                            .setBatchIndexErrorMessage(refusal.message()));
        }
        var evidence = Facts.compared(refusal.expected(), refusal.found())
                .with("record", refusal.recordIndex() == Refusal.WHOLE_BATCH ? null : refusal.recordIndex())
                .with(state(partition).all());
        request.noteRefusal(subject(partition), error, refusal.reason().name(), refusal.message(), evidence);
    }

    private static Subject subject(Partition partition) {
        return Subject.partition(partition.name().topic(), partition.name().partition());
    }

    /// What the partition was like when it refused.
    private static Facts state(Partition partition) {
        var facts = Facts.none().with("leaderEpoch", partition.leaderEpoch());
        partition
                .findOffsets()
                .ifPresent(offsets -> facts.with("logStartOffset", offsets.logStartOffset())
                        .with("lastStableOffset", offsets.lastStableOffset())
                        .with("logEndOffset", offsets.logEndOffset()));
        return facts;
    }

    /// The batch is not taken because of its transaction.
    static void refuse(
            Request<ProduceRequestData> request,
            PartitionProduceResponse response,
            Partition partition,
            TransactionGate.Admission.Refused why) {
        var error = errorFor(why.reason(), request.version());
        fail(response, error, why.detail());
        request.noteRefusal(subject(partition), error, why.reason().name(), why.detail(), state(partition));
    }

    /// Clients know what to do about some of the coordinator's errors only since transactions have their version 2;
    /// with what they get instead, they try again.
    private static Errors errorFor(TransactionGate.Reason reason, short version) {
        return switch (reason) {
            case TRANSACTION_ABORTABLE ->
                version >= FIRST_VERSION_WITH_ABORTABLE ? Errors.TRANSACTION_ABORTABLE : Errors.INVALID_TXN_STATE;
            case CONCURRENT_TRANSACTIONS ->
                version >= FIRST_VERSION_THAT_ADDS_PARTITIONS
                        ? Errors.CONCURRENT_TRANSACTIONS
                        : Errors.NOT_ENOUGH_REPLICAS;
            case NOT_COORDINATOR, COORDINATOR_LOAD_IN_PROGRESS, COORDINATOR_NOT_AVAILABLE -> Errors.NOT_ENOUGH_REPLICAS;
            case INVALID_TXN_STATE -> Errors.INVALID_TXN_STATE;
            case PRODUCER_FENCED, INVALID_PRODUCER_EPOCH -> Errors.INVALID_PRODUCER_EPOCH;
            case INVALID_PRODUCER_ID_MAPPING -> Errors.INVALID_PRODUCER_ID_MAPPING;
            case INVALID_REQUEST -> Errors.INVALID_REQUEST;
            case UNSUPPORTED_VERSION -> Errors.UNSUPPORTED_VERSION;
            case UNKNOWN_SERVER_ERROR -> Errors.UNKNOWN_SERVER_ERROR;
        };
    }

    /// Kafka tells where the log starts if it was the log that refused the batch, and not what looks at it before.
    private static boolean tellsLogStart(Errors error, Refusal.Reason reason) {
        return switch (reason) {
            case NULL_RECORDS, NO_BATCH, SEVERAL_BATCHES, MAGIC -> false;
            default ->
                error == Errors.INVALID_RECORD
                        || error == Errors.INVALID_TIMESTAMP
                        || error == Errors.OUT_OF_ORDER_SEQUENCE_NUMBER
                        || error == Errors.INVALID_PRODUCER_EPOCH;
        };
    }

    static void fail(PartitionProduceResponse response, Errors error, String message) {
        response.setErrorCode(error.code())
                .setBaseOffset(UNKNOWN)
                .setLogAppendTimeMs(UNKNOWN)
                .setLogStartOffset(UNKNOWN)
                .setErrorMessage(message);
    }

    /// A client that wants no answer learns of a refusal by losing its connection, as from Apache Kafka.
    static Answer answer(short acks, ProduceResponseData response) {
        if (acks != ACKS_NONE) {
            return new Answer.Message(response);
        }
        return response.responses().stream()
                .flatMap(topic -> topic.partitionResponses().stream())
                .filter(partition -> partition.errorCode() != Errors.NONE.code())
                .findFirst()
                .<Answer>map(refused -> new Answer.Close(
                        Closing.REFUSED_WITHOUT_ANSWER,
                        "Produce with acks=0 was refused with %s: %s"
                                .formatted(Errors.forCode(refused.errorCode()), refused.errorMessage())))
                .orElseGet(Answer.None::new);
    }

    private static Errors errorFor(Refusal.Reason reason) {
        return switch (reason) {
            case CRC, BATCH_LENGTH -> Errors.CORRUPT_MESSAGE;
            case TOO_LARGE -> Errors.MESSAGE_TOO_LARGE;
            case TIMESTAMP -> Errors.INVALID_TIMESTAMP;
            case CODEC -> Errors.UNSUPPORTED_COMPRESSION_TYPE;
            case NOT_IN_TRANSACTION -> Errors.INVALID_TXN_STATE;
            case OLD_COORDINATOR_EPOCH -> Errors.TRANSACTION_COORDINATOR_FENCED;
            case OUT_OF_ORDER_SEQUENCE -> Errors.OUT_OF_ORDER_SEQUENCE_NUMBER;
            case OLD_PRODUCER_EPOCH -> Errors.INVALID_PRODUCER_EPOCH;
            case NULL_RECORDS,
                    NO_BATCH,
                    SEVERAL_BATCHES,
                    MAGIC,
                    BASE_OFFSET,
                    CONTROL_BATCH,
                    RECORD_COUNT,
                    SEQUENCE,
                    MALFORMED_RECORD,
                    MISSING_KEY -> Errors.INVALID_RECORD;
        };
    }
}
