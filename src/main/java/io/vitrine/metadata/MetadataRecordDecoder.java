package io.vitrine.metadata;

import io.vitrine.record.MalformedRecordException;
import java.nio.ByteBuffer;
import org.apache.kafka.common.message.KRaftVersionRecordJsonConverter;
import org.apache.kafka.common.message.LeaderChangeMessageJsonConverter;
import org.apache.kafka.common.message.SnapshotFooterRecordJsonConverter;
import org.apache.kafka.common.message.SnapshotHeaderRecordJsonConverter;
import org.apache.kafka.common.message.VotersRecordJsonConverter;
import org.apache.kafka.common.metadata.MetadataJsonConverters;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.record.internal.ControlRecordType;
import org.apache.kafka.common.record.internal.ControlRecordUtils;
import org.apache.kafka.metadata.MetadataRecordSerde;

/// Turns the bytes of a metadata record into text, through Kafka's own converters. The buffers given are not moved.
/// What somebody could log in with (SCRAM credentials, delegation tokens, passwords in configs) is not in the text.
public final class MetadataRecordDecoder {
    private static final int CONTROL_KEY_SIZE_IN_BYTES = 4;

    /// Decodes the value of a record from a batch that is not a control batch.
    ///
    /// @throws MalformedRecordException if it is none that Kafka 4.4 knows; the message says why
    public DecodedMetadataRecord decode(ByteBuffer value) throws MalformedRecordException {
        try {
            var bytes = value.duplicate();
            var record = MetadataRecordSerde.INSTANCE.read(new ByteBufferAccessor(bytes), bytes.remaining());
            var message = record.message();
            var json = MetadataJsonConverters.writeJson(message, record.version());
            Credentials.hide(message, json);
            return new DecodedMetadataRecord(
                    message.getClass().getSimpleName(), message.apiKey(), record.version(), json.toString());
        } catch (RuntimeException e) {
            throw undecodable("Not a metadata record: ", e);
        }
    }

    /// Decodes a record of a control batch: what the quorum and the snapshots say about themselves.
    ///
    /// @throws MalformedRecordException if the key names no control record, or the value is not one of that kind
    public DecodedMetadataRecord decodeControl(ByteBuffer key, ByteBuffer value) throws MalformedRecordException {
        if (key.remaining() < CONTROL_KEY_SIZE_IN_BYTES) {
            throw new MalformedRecordException(
                    0,
                    "A control record's key has %d bytes, this one %d"
                            .formatted(CONTROL_KEY_SIZE_IN_BYTES, key.remaining()));
        }
        short version = key.getShort(key.position());
        short typeId = key.getShort(key.position() + Short.BYTES);
        var type = ControlRecordType.fromTypeId(typeId);
        try {
            return new DecodedMetadataRecord(name(type), typeId, version, json(type, value.duplicate()));
        } catch (RuntimeException e) {
            throw undecodable("Not a control record of type %s: ".formatted(name(type)), e);
        }
    }

    private static String name(ControlRecordType type) {
        return switch (type) {
            case ABORT -> "Abort";
            case COMMIT -> "Commit";
            case LEADER_CHANGE -> "LeaderChange";
            case SNAPSHOT_HEADER -> "SnapshotHeader";
            case SNAPSHOT_FOOTER -> "SnapshotFooter";
            case KRAFT_VERSION -> "KRaftVersion";
            case KRAFT_VOTERS -> "KRaftVoters";
            case UNKNOWN -> "Unknown";
        };
    }

    private static String json(ControlRecordType type, ByteBuffer value) {
        return switch (type) {
            case LEADER_CHANGE -> {
                var message = ControlRecordUtils.deserializeLeaderChangeMessage(value);
                yield LeaderChangeMessageJsonConverter.write(message, message.version())
                        .toString();
            }
            case SNAPSHOT_HEADER -> {
                var message = ControlRecordUtils.deserializeSnapshotHeaderRecord(value);
                yield SnapshotHeaderRecordJsonConverter.write(message, message.version())
                        .toString();
            }
            case SNAPSHOT_FOOTER -> {
                var message = ControlRecordUtils.deserializeSnapshotFooterRecord(value);
                yield SnapshotFooterRecordJsonConverter.write(message, message.version())
                        .toString();
            }
            case KRAFT_VERSION -> {
                var message = ControlRecordUtils.deserializeKRaftVersionRecord(value);
                yield KRaftVersionRecordJsonConverter.write(message, message.version())
                        .toString();
            }
            case KRAFT_VOTERS -> {
                var message = ControlRecordUtils.deserializeVotersRecord(value);
                yield VotersRecordJsonConverter.write(message, message.version())
                        .toString();
            }
            case ABORT, COMMIT, UNKNOWN -> "{}";
        };
    }

    private static MalformedRecordException undecodable(String what, RuntimeException cause) {
        var exception = new MalformedRecordException(0, what + cause.getMessage());
        exception.initCause(cause);
        return exception;
    }
}
