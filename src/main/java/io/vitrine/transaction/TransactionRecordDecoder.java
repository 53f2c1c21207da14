package io.vitrine.transaction;

import io.vitrine.coordinator.CoordinatorRecordDecoder;
import io.vitrine.coordinator.CoordinatorTopic;
import io.vitrine.coordinator.DecodedCoordinatorRecord;
import io.vitrine.record.MalformedRecordException;
import java.nio.ByteBuffer;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.coordinator.common.runtime.CoordinatorRecord;
import org.apache.kafka.coordinator.transaction.TransactionCoordinatorRecordSerde;
import org.apache.kafka.coordinator.transaction.TransactionState;
import org.apache.kafka.coordinator.transaction.generated.CoordinatorRecordJsonConverters;
import org.apache.kafka.coordinator.transaction.generated.TransactionLogValue;
import org.jspecify.annotations.Nullable;

/// Decodes records of `__transaction_state`: where a transactional id stands. Kafka's own form tells the state as a
/// number; its name stands beside it.
public final class TransactionRecordDecoder implements CoordinatorRecordDecoder {
    /// The topic whose records these are.
    public static final String TOPIC = CoordinatorTopic.OF_TRANSACTIONS;

    private final TransactionCoordinatorRecordSerde serde = new TransactionCoordinatorRecordSerde();

    @Override
    public DecodedCoordinatorRecord decodeKey(ByteBuffer key) throws MalformedRecordException {
        try {
            var message = read(key, null).key();
            return decoded(
                    message,
                    message.apiKey(),
                    CoordinatorRecordJsonConverters.writeRecordKeyAsJson(message)
                            .toString());
        } catch (RuntimeException e) {
            throw undecodable(e);
        }
    }

    @Override
    public DecodedCoordinatorRecord decodeValue(ByteBuffer key, ByteBuffer value) throws MalformedRecordException {
        try {
            var found = read(key, value).value();
            var json = CoordinatorRecordJsonConverters.writeRecordValueAsJson(found.message(), found.version());
            if (found.message() instanceof TransactionLogValue transaction
                    && json instanceof com.fasterxml.jackson.databind.node.ObjectNode fields) {
                fields.put("transactionStatusName", name(transaction.transactionStatus()));
            }
            return decoded(found.message(), found.version(), json.toString());
        } catch (RuntimeException e) {
            throw undecodable(e);
        }
    }

    @Override
    public String deletedBy(ByteBuffer key) throws MalformedRecordException {
        try {
            var fields = CoordinatorRecordJsonConverters.writeRecordKeyAsJson(
                    read(key, null).key());
            return "what is known of the transactional id '%s'"
                    .formatted(fields.path("transactionalId").asText());
        } catch (RuntimeException e) {
            throw undecodable(e);
        }
    }

    private CoordinatorRecord read(ByteBuffer key, @Nullable ByteBuffer value) {
        var keyBytes = key.duplicate();
        var valueBytes = value == null ? null : value.duplicate();
        var record = serde.deserialize(keyBytes, valueBytes);
        if (keyBytes.hasRemaining() || (valueBytes != null && valueBytes.hasRemaining())) {
            throw new IllegalArgumentException("bytes follow behind the key or the value");
        }
        return record;
    }

    private static String name(byte state) {
        try {
            return TransactionState.fromId(state).stateName();
        } catch (IllegalStateException e) {
            return "unknown";
        }
    }

    private static DecodedCoordinatorRecord decoded(ApiMessage message, int version, String json) {
        return new DecodedCoordinatorRecord(message.getClass().getSimpleName(), version, json);
    }

    private static MalformedRecordException undecodable(RuntimeException cause) {
        var exception = new MalformedRecordException(0, "Not a record of transactions: " + cause.getMessage());
        exception.initCause(cause);
        return exception;
    }
}
