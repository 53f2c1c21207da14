package io.vitrine.group;

import com.fasterxml.jackson.databind.JsonNode;
import io.vitrine.coordinator.CoordinatorRecordDecoder;
import io.vitrine.coordinator.CoordinatorTopic;
import io.vitrine.coordinator.DecodedCoordinatorRecord;
import io.vitrine.record.MalformedRecordException;
import java.nio.ByteBuffer;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.coordinator.common.runtime.CoordinatorRecord;
import org.apache.kafka.coordinator.group.GroupCoordinatorRecordSerde;
import org.apache.kafka.coordinator.group.generated.CoordinatorRecordJsonConverters;
import org.apache.kafka.coordinator.group.generated.CoordinatorRecordType;
import org.jspecify.annotations.Nullable;

/// Turns the bytes of a record of `__consumer_offsets` into text, through Kafka's own converters:
/// ```
///   key    type 2 | fields
///   value  version 2 | fields        none: what the key names is no longer so
/// ```
/// What members of classic groups say of themselves are bytes in there that the coordinator does not look at; those
/// of consumers are decoded too. The buffers given are not moved.
public final class GroupRecordDecoder implements CoordinatorRecordDecoder {
    /// The topic whose records these are.
    public static final String TOPIC = CoordinatorTopic.OF_GROUPS;

    private final GroupCoordinatorRecordSerde serde = new GroupCoordinatorRecordSerde();

    @Override
    public DecodedCoordinatorRecord decodeKey(ByteBuffer key) throws MalformedRecordException {
        try {
            var message = read(key, null).key();
            var json = CoordinatorRecordJsonConverters.writeRecordKeyAsJson(message);
            return decoded(message, message.apiKey(), json);
        } catch (RuntimeException e) {
            throw undecodable(e);
        }
    }

    @Override
    public DecodedCoordinatorRecord decodeValue(ByteBuffer key, ByteBuffer value) throws MalformedRecordException {
        try {
            var found = read(key, value).value();
            var json = CoordinatorRecordJsonConverters.writeRecordValueAsJson(found.message(), found.version());
            ClientMetadata.decodeIn(json, found.message());
            return decoded(found.message(), found.version(), json);
        } catch (RuntimeException e) {
            throw undecodable(e);
        }
    }

    @Override
    public String deletedBy(ByteBuffer key) throws MalformedRecordException {
        try {
            var message = read(key, null).key();
            return describe(message, CoordinatorRecordJsonConverters.writeRecordKeyAsJson(message));
        } catch (RuntimeException e) {
            throw undecodable(e);
        }
    }

    private CoordinatorRecord read(ByteBuffer key, @Nullable ByteBuffer value) {
        var keyBytes = key.duplicate();
        var valueBytes = value == null ? null : value.duplicate();
        var record = serde.deserialize(keyBytes, valueBytes);
        requireEnd(keyBytes, "key");
        if (valueBytes != null) {
            requireEnd(valueBytes, "value");
        }
        return record;
    }

    private static void requireEnd(ByteBuffer bytes, String what) {
        if (bytes.hasRemaining()) {
            throw new IllegalArgumentException("%d bytes follow behind the %s".formatted(bytes.remaining(), what));
        }
    }

    private static DecodedCoordinatorRecord decoded(ApiMessage message, int version, JsonNode json) {
        return new DecodedCoordinatorRecord(message.getClass().getSimpleName(), version, json.toString());
    }

    private static String describe(ApiMessage key, JsonNode fields) {
        var group = "'%s'"
                .formatted(
                        fields.path(fields.has("groupId") ? "groupId" : "group").asText());
        var member = fields.path("memberId").asText();
        return switch (CoordinatorRecordType.fromId(key.apiKey())) {
            case OFFSET_COMMIT, LEGACY_OFFSET_COMMIT ->
                "what group %s has committed of %s-%d"
                        .formatted(
                                group,
                                fields.path("topic").asText(),
                                fields.path("partition").asInt());
            case GROUP_METADATA -> "the classic group " + group;
            case CONSUMER_GROUP_METADATA -> "the consumer group " + group;
            case SHARE_GROUP_METADATA -> "the share group " + group;
            case STREAMS_GROUP_METADATA -> "the streams group " + group;
            case CONSUMER_GROUP_MEMBER_METADATA, SHARE_GROUP_MEMBER_METADATA, STREAMS_GROUP_MEMBER_METADATA ->
                "member '%s' of group %s".formatted(member, group);
            case CONSUMER_GROUP_TARGET_ASSIGNMENT_MEMBER,
                    SHARE_GROUP_TARGET_ASSIGNMENT_MEMBER,
                    STREAMS_GROUP_TARGET_ASSIGNMENT_MEMBER ->
                "what member '%s' of group %s was to have".formatted(member, group);
            case CONSUMER_GROUP_CURRENT_MEMBER_ASSIGNMENT,
                    SHARE_GROUP_CURRENT_MEMBER_ASSIGNMENT,
                    STREAMS_GROUP_CURRENT_MEMBER_ASSIGNMENT ->
                "what member '%s' of group %s had".formatted(member, group);
            case CONSUMER_GROUP_TARGET_ASSIGNMENT_METADATA,
                    SHARE_GROUP_TARGET_ASSIGNMENT_METADATA,
                    STREAMS_GROUP_TARGET_ASSIGNMENT_METADATA -> "the epoch of the assignment of group " + group;
            case CONSUMER_GROUP_PARTITION_METADATA, SHARE_GROUP_STATE_PARTITION_METADATA ->
                "the partitions that group %s knew".formatted(group);
            case CONSUMER_GROUP_REGULAR_EXPRESSION ->
                "the topics that group %s found by the pattern '%s'"
                        .formatted(group, fields.path("regularExpression").asText());
            case STREAMS_GROUP_TOPOLOGY -> "the topology of group " + group;
        };
    }

    private static MalformedRecordException undecodable(RuntimeException cause) {
        var exception = new MalformedRecordException(0, "Not a record of groups: " + cause.getMessage());
        exception.initCause(cause);
        return exception;
    }
}
