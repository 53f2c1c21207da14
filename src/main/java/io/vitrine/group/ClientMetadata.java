package io.vitrine.group;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.internals.ConsumerProtocol;
import org.apache.kafka.common.message.ConsumerProtocolAssignment;
import org.apache.kafka.common.message.ConsumerProtocolAssignmentJsonConverter;
import org.apache.kafka.common.message.ConsumerProtocolSubscription;
import org.apache.kafka.common.message.ConsumerProtocolSubscriptionJsonConverter;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.coordinator.group.generated.ConsumerGroupMemberMetadataValue;
import org.apache.kafka.coordinator.group.generated.GroupMetadataValue;

/// What the members of a classic group tell each other through the coordinator: bytes that mean something to the
/// members only. Those of the protocol type `consumer` are subscriptions and assignments:
/// ```
///   version 2 | fields
/// ```
final class ClientMetadata {
    private static final String CONSUMER = "consumer";

    private ClientMetadata() {}

    /// Do members of this protocol type speak as consumers do?
    static boolean isOfConsumers(String protocolType) {
        return protocolType.equals(CONSUMER);
    }

    /// What a consumer wants to read; empty if the bytes are none of a consumer.
    static Optional<ConsumerProtocolSubscription> findSubscription(byte[] bytes) {
        return read(bytes, ConsumerProtocol::deserializeConsumerProtocolSubscription);
    }

    /// What a consumer was told to read; empty if the bytes are none of a consumer, or there are none.
    static Optional<ConsumerProtocolAssignment> findAssignment(byte[] bytes) {
        return read(bytes, ConsumerProtocol::deserializeConsumerProtocolAssignment);
    }

    /// Puts what consumers said where their bytes are in the JSON of a record. Bytes that are none stay what they
    /// are.
    static void decodeIn(JsonNode json, ApiMessage value) {
        switch (value) {
            case GroupMetadataValue group
            when isOfConsumers(group.protocolType()) ->
                json.path("members").forEach(member -> {
                    replace(member, "subscription", ClientMetadata::subscription);
                    replace(member, "assignment", ClientMetadata::assignment);
                });
            case ConsumerGroupMemberMetadataValue member
            when member.classicMemberMetadata() != null ->
                json.path("classicMemberMetadata")
                        .path("supportedProtocols")
                        .forEach(protocol -> replace(protocol, "metadata", ClientMetadata::subscription));
            default -> {}
        }
    }

    private static void replace(JsonNode parent, String name, Function<byte[], Optional<JsonNode>> decode) {
        if (parent instanceof ObjectNode object) {
            bytes(object.path(name)).flatMap(decode).ifPresent(decoded -> object.set(name, decoded));
        }
    }

    private static Optional<byte[]> bytes(JsonNode node) {
        try {
            return Optional.ofNullable(node.binaryValue());
        } catch (java.io.IOException e) {
            return Optional.empty();
        }
    }

    private static Optional<JsonNode> subscription(byte[] bytes) {
        return findSubscription(bytes)
                .map(found -> withVersion(
                        ConsumerProtocolSubscriptionJsonConverter.write(found, known(bytes, found)), bytes));
    }

    private static Optional<JsonNode> assignment(byte[] bytes) {
        return findAssignment(bytes)
                .map(found ->
                        withVersion(ConsumerProtocolAssignmentJsonConverter.write(found, known(bytes, found)), bytes));
    }

    private static JsonNode withVersion(JsonNode json, byte[] bytes) {
        if (json instanceof ObjectNode object) {
            object.put("version", version(bytes));
        }
        return json;
    }

    /// The version in which the fields could be read: clients may be newer than we are.
    private static short known(byte[] bytes, ApiMessage message) {
        return (short) Math.min(version(bytes), message.highestSupportedVersion());
    }

    private static short version(byte[] bytes) {
        return ByteBuffer.wrap(bytes).getShort();
    }

    private static <T> Optional<T> read(byte[] bytes, Function<ByteBuffer, T> reader) {
        if (bytes.length == 0) {
            return Optional.empty();
        }
        try {
            return Optional.of(reader.apply(ByteBuffer.wrap(bytes)));
        } catch (RuntimeException e) {
            // Members may say what they like.
            return Optional.empty();
        }
    }
}
