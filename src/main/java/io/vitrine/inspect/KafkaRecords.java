package io.vitrine.inspect;

import io.vitrine.coordinator.CoordinatorRecordDecoder;
import io.vitrine.group.GroupRecordDecoder;
import io.vitrine.group.ShareRecordDecoder;
import io.vitrine.metadata.MetadataRecordDecoder;
import io.vitrine.record.MalformedRecordException;
import io.vitrine.transaction.TransactionRecordDecoder;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Keys and values that Kafka writes for itself: records of the metadata log, of the coordinators, and control
/// records of any log. What can't be decoded, because a newer Kafka wrote it or it is damaged, is shown as the bytes it
/// is, with the reason.
final class KafkaRecords {
    /// Bytes of a key or value that are looked at, as they can't be decoded in part.
    static final int MAX_BYTES = 1024 * 1024;

    private static final MetadataRecordDecoder METADATA = new MetadataRecordDecoder();
    private static final CoordinatorRecordDecoder GROUPS = new GroupRecordDecoder();
    private static final CoordinatorRecordDecoder SHARES = new ShareRecordDecoder();
    private static final CoordinatorRecordDecoder TRANSACTIONS = new TransactionRecordDecoder();
    private static final int COORDINATOR_EPOCH_POSITION = 2;
    private static final int END_TRANSACTION_SIZE_IN_BYTES = 6;

    private final RecordKind kind;
    private final boolean control;
    private final RecordOptions options;

    /// @param control are they those of a control batch?
    KafkaRecords(RecordKind kind, boolean control, RecordOptions options) {
        this.kind = control ? RecordKind.PLAIN : kind;
        this.control = control;
        this.options = options;
    }

    /// How much of a key or value has to be read.
    int bytesNeeded() {
        return control || kind != RecordKind.PLAIN ? MAX_BYTES : options.maxValueBytes();
    }

    Payload showKey(Excerpt key) {
        var format = options.keyFormat();
        if (!kind.isCoordinators() || !decodes(format)) {
            return raw(key, format);
        }
        try {
            return coordinatorKey(kind, key);
        } catch (MalformedRecordException e) {
            return new Payload.Undecoded(raw(key, format), String.valueOf(e.getMessage()));
        }
    }

    /// @param marker what the key says, if it is that of a control record
    Payload showValue(@Nullable Excerpt key, Excerpt value, @Nullable ControlMarker marker) {
        var format = options.valueFormat();
        if (!decodes(format)) {
            return raw(value, format);
        }
        if (control) {
            return marker == null || key == null
                    ? raw(value, format)
                    : control(marker, key, value).orElseGet(() -> raw(value, format));
        }
        try {
            return switch (kind) {
                case PLAIN -> raw(value, format);
                case METADATA -> metadata(value);
                case GROUPS, SHARES, TRANSACTIONS -> coordinatorValue(kind, key, value);
            };
        } catch (MalformedRecordException e) {
            return new Payload.Undecoded(raw(value, format), String.valueOf(e.getMessage()));
        }
    }

    /// What a record without a value deletes; null if it is not known to delete anything.
    @Nullable
    String deletes(@Nullable Excerpt key) {
        if (!kind.isCoordinators() || key == null || key.isTruncated()) {
            return null;
        }
        try {
            return decoder(kind).deletedBy(key.buffer());
        } catch (MalformedRecordException e) {
            // The key, which says why, stands beside it.
            return null;
        }
    }

    private static boolean decodes(PayloadFormat format) {
        return format == PayloadFormat.AUTO || format == PayloadFormat.JSON;
    }

    private Payload raw(Excerpt excerpt, PayloadFormat format) {
        return PayloadText.of(excerpt.first(options.maxValueBytes()), format);
    }

    static Payload.KafkaRecord metadata(Excerpt value) throws MalformedRecordException {
        requireWhole(value);
        var decoded = METADATA.decode(value.buffer());
        return new Payload.KafkaRecord(
                Payload.KafkaRecord.Format.METADATA,
                decoded.type(),
                decoded.version(),
                decoded.json(),
                value.sizeInBytes());
    }

    static Payload.KafkaRecord coordinatorKey(RecordKind kind, Excerpt key) throws MalformedRecordException {
        requireWhole(key);
        var decoded = decoder(kind).decodeKey(key.buffer());
        return new Payload.KafkaRecord(
                format(kind), decoded.type(), decoded.version(), decoded.json(), key.sizeInBytes());
    }

    static Payload.KafkaRecord coordinatorValue(RecordKind kind, @Nullable Excerpt key, Excerpt value)
            throws MalformedRecordException {
        if (key == null) {
            throw new MalformedRecordException(0, "Not a record of a coordinator: it has no key");
        }
        requireWhole(key);
        requireWhole(value);
        var decoded = decoder(kind).decodeValue(key.buffer(), value.buffer());
        return new Payload.KafkaRecord(
                format(kind), decoded.type(), decoded.version(), decoded.json(), value.sizeInBytes());
    }

    private static CoordinatorRecordDecoder decoder(RecordKind kind) {
        return switch (kind) {
            case SHARES -> SHARES;
            case TRANSACTIONS -> TRANSACTIONS;
            case GROUPS, METADATA, PLAIN -> GROUPS;
        };
    }

    private static Payload.KafkaRecord.Format format(RecordKind kind) {
        return switch (kind) {
            case SHARES -> Payload.KafkaRecord.Format.SHARE;
            case TRANSACTIONS -> Payload.KafkaRecord.Format.TRANSACTION;
            case GROUPS, METADATA, PLAIN -> Payload.KafkaRecord.Format.GROUP;
        };
    }

    static Optional<Payload> control(ControlMarker marker, Excerpt key, Excerpt value) {
        return switch (marker.type()) {
            case "ABORT", "COMMIT" -> endTransaction(value);
            case "UNKNOWN" -> Optional.empty();
            default -> quorum(key, value);
        };
    }

    private static void requireWhole(Excerpt excerpt) throws MalformedRecordException {
        if (excerpt.isTruncated()) {
            throw new MalformedRecordException(
                    0, "%d bytes, more than the %d that are decoded".formatted(excerpt.sizeInBytes(), MAX_BYTES));
        }
    }

    private static Optional<Payload> quorum(Excerpt key, Excerpt value) {
        try {
            var decoded = METADATA.decodeControl(key.buffer(), value.buffer());
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
