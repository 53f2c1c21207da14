package io.vitrine.record;

/// Why a batch is refused, with the evidence.
///
/// @param recordIndex 0-based place of the offending record in the batch, or [#WHOLE_BATCH]
/// @param expected what the check wanted to see
/// @param found what it saw
public record Refusal(Reason reason, int recordIndex, String expected, String found) {
    public static final int WHOLE_BATCH = -1;

    /// The check that failed. Handlers turn it into Kafka's error code, meters into a tag.
    public enum Reason {
        /// The records field is null.
        NULL_RECORDS,
        /// There is no whole batch in the bytes.
        NO_BATCH,
        /// The length field is impossible: these bytes are no batch.
        BATCH_LENGTH,
        /// There is more than one batch for one partition.
        SEVERAL_BATCHES,
        /// The format version is not 2.
        MAGIC,
        /// A client may not choose offsets: the base offset has to be 0.
        BASE_OFFSET,
        /// The batch is larger than the topic's `max.message.bytes`.
        TOO_LARGE,
        /// The stored checksum is not that of the bytes.
        CRC,
        /// Clients may not write control batches.
        CONTROL_BATCH,
        /// The batch belongs to a transaction that is not open here, or does not belong to the one that is.
        NOT_IN_TRANSACTION,
        /// The number of records does not fit the offsets, or is not what is inside.
        RECORD_COUNT,
        /// A producer id without a sequence.
        SEQUENCE,
        /// A batch of the idempotent producer before this one is missing.
        OUT_OF_ORDER_SEQUENCE,
        /// A newer instance of the idempotent producer has taken over.
        OLD_PRODUCER_EPOCH,
        /// A newer transaction coordinator has ended a transaction of this producer.
        OLD_COORDINATOR_EPOCH,
        /// The codec is unknown, or too new for the version of the request.
        CODEC,
        /// A record does not follow the format.
        MALFORMED_RECORD,
        /// A compacted topic takes no record without a key.
        MISSING_KEY,
        /// A timestamp is too far from the broker's clock, or of a type only the broker may set.
        TIMESTAMP
    }

    /// A refusal that concerns the whole batch.
    public static Refusal ofBatch(Reason reason, String expected, String found) {
        return new Refusal(reason, WHOLE_BATCH, expected, found);
    }

    /// One sentence for people.
    public String message() {
        var where = recordIndex == WHOLE_BATCH ? "" : "record %d: ".formatted(recordIndex);
        return "%sexpected %s, found %s".formatted(where, expected, found);
    }
}
