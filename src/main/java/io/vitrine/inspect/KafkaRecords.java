package io.vitrine.inspect;

import io.vitrine.metadata.MetadataRecordDecoder;
import io.vitrine.record.MalformedRecordException;
import java.util.Optional;

/// Values that Kafka writes for itself: records of the metadata log, and control records of any log. What a newer
/// Kafka wrote and this one can't decode is left to be shown as the bytes it is.
final class KafkaRecords {
    private static final MetadataRecordDecoder DECODER = new MetadataRecordDecoder();
    private static final int COORDINATOR_EPOCH_POSITION = 2;
    private static final int END_TRANSACTION_SIZE_IN_BYTES = 6;

    private KafkaRecords() {}

    static Optional<Payload> metadata(Excerpt value) {
        try {
            var decoded = DECODER.decode(value.buffer());
            return Optional.of(
                    new Payload.MetadataRecord(decoded.type(), decoded.version(), decoded.json(), value.sizeInBytes()));
        } catch (MalformedRecordException e) {
            return Optional.empty();
        }
    }

    static Optional<Payload> control(ControlMarker marker, Excerpt key, Excerpt value) {
        return switch (marker.type()) {
            case "ABORT", "COMMIT" -> endTransaction(value);
            case "UNKNOWN" -> Optional.empty();
            default -> quorum(key, value);
        };
    }

    private static Optional<Payload> quorum(Excerpt key, Excerpt value) {
        try {
            var decoded = DECODER.decodeControl(key.buffer(), value.buffer());
            return Optional.of(new Payload.Json(decoded.json(), value.sizeInBytes()));
        } catch (MalformedRecordException e) {
            return Optional.empty();
        }
    }

    /// The value is `version 2 | coordinatorEpoch 4`.
    private static Optional<Payload> endTransaction(Excerpt value) {
        if (value.sizeInBytes() < END_TRANSACTION_SIZE_IN_BYTES || value.isTruncated()) {
            return Optional.empty();
        }
        int epoch = value.buffer().getInt(COORDINATOR_EPOCH_POSITION);
        return Optional.of(new Payload.Json("{\"coordinatorEpoch\":%d}".formatted(epoch), value.sizeInBytes()));
    }
}
