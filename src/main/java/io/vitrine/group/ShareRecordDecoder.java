package io.vitrine.group;

import io.vitrine.coordinator.CoordinatorRecordDecoder;
import io.vitrine.coordinator.CoordinatorTopic;
import io.vitrine.coordinator.DecodedCoordinatorRecord;
import io.vitrine.record.MalformedRecordException;
import java.nio.ByteBuffer;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.coordinator.share.ShareCoordinatorRecordSerde;
import org.apache.kafka.coordinator.share.generated.CoordinatorRecordJsonConverters;
import org.apache.kafka.server.common.ApiMessageAndVersion;

/// Decodes records of `__share_group_state`: what has become of the records of a share partition, as a whole
/// (`ShareSnapshot`) or since the last record (`ShareUpdate`).
public final class ShareRecordDecoder implements CoordinatorRecordDecoder {
    /// The topic whose records these are.
    public static final String TOPIC = CoordinatorTopic.OF_SHARES;

    private final ShareCoordinatorRecordSerde serde = new ShareCoordinatorRecordSerde();

    @Override
    public DecodedCoordinatorRecord decodeKey(ByteBuffer key) throws MalformedRecordException {
        try {
            var message = readKey(key);
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
            ApiMessageAndVersion found =
                    serde.deserialize(key.duplicate(), value.duplicate()).value();
            return decoded(
                    found.message(),
                    found.version(),
                    CoordinatorRecordJsonConverters.writeRecordValueAsJson(found.message(), found.version())
                            .toString());
        } catch (RuntimeException e) {
            throw undecodable(e);
        }
    }

    @Override
    public String deletedBy(ByteBuffer key) throws MalformedRecordException {
        try {
            var fields = CoordinatorRecordJsonConverters.writeRecordKeyAsJson(readKey(key));
            return "what share group '%s' was given of partition %d of the topic with the id %s"
                    .formatted(
                            fields.path("groupId").asText(),
                            fields.path("partition").asInt(),
                            fields.path("topicId").asText());
        } catch (RuntimeException e) {
            throw undecodable(e);
        }
    }

    private ApiMessage readKey(ByteBuffer key) {
        return serde.deserialize(key.duplicate(), null).key();
    }

    private static DecodedCoordinatorRecord decoded(ApiMessage message, int version, String json) {
        return new DecodedCoordinatorRecord(message.getClass().getSimpleName(), version, json);
    }

    private static MalformedRecordException undecodable(RuntimeException cause) {
        var exception = new MalformedRecordException(0, "Not a record of share groups: " + cause.getMessage());
        exception.initCause(cause);
        return exception;
    }
}
