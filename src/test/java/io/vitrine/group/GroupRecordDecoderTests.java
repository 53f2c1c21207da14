package io.vitrine.group;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitrine.coordinator.DecodedCoordinatorRecord;
import io.vitrine.record.MalformedRecordException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.Assignment;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.Subscription;
import org.apache.kafka.clients.consumer.internals.ConsumerProtocol;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.coordinator.common.runtime.CoordinatorRecord;
import org.apache.kafka.coordinator.group.GroupCoordinatorRecordSerde;
import org.apache.kafka.coordinator.group.generated.CoordinatorRecordType;
import org.apache.kafka.coordinator.group.generated.GroupMetadataKey;
import org.apache.kafka.coordinator.group.generated.GroupMetadataValue;
import org.apache.kafka.coordinator.group.generated.GroupMetadataValue.MemberMetadata;
import org.apache.kafka.coordinator.group.generated.OffsetCommitKey;
import org.apache.kafka.coordinator.group.generated.OffsetCommitValue;
import org.apache.kafka.server.common.ApiMessageAndVersion;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class GroupRecordDecoderTests {
    private static final GroupCoordinatorRecordSerde SERDE = new GroupCoordinatorRecordSerde();
    private static final CoordinatorRecord COMMIT = CoordinatorRecord.record(
            new OffsetCommitKey().setGroup("readers").setTopic("orders").setPartition(3),
            new ApiMessageAndVersion(
                    new OffsetCommitValue()
                            .setOffset(17)
                            .setLeaderEpoch(2)
                            .setMetadata("note")
                            .setCommitTimestamp(1_726_045_943_832L),
                    (short) 3));

    private final GroupRecordDecoder decoder = new GroupRecordDecoder();

    @Test
    void aCommittedOffsetIsShownByName() throws Exception {
        var key = decoder.decodeKey(key(COMMIT));
        var value = decoder.decodeValue(key(COMMIT), value(COMMIT));

        assertThat(key)
                .isEqualTo(new DecodedCoordinatorRecord(
                        "OffsetCommitKey", 1, "{\"group\":\"readers\",\"topic\":\"orders\",\"partition\":3}"));
        assertThat(value.type()).isEqualTo("OffsetCommitValue");
        assertThat(value.version()).isEqualTo(3);
        assertThat(value.json())
                .startsWith("{\"offset\":17,\"leaderEpoch\":2,\"metadata\":\"note\","
                        + "\"commitTimestamp\":1726045943832");
        assertThat(decoder.deletedBy(key(COMMIT))).isEqualTo("what group 'readers' has committed of orders-3");
    }

    @ParameterizedTest
    @EnumSource
    void everyTypeIsDecodedAndItsTombstoneSaysWhatItDeletes(CoordinatorRecordType type) throws Exception {
        var record = CoordinatorRecord.record(
                type.newRecordKey(), new ApiMessageAndVersion(type.newRecordValue(), type.highestSupportedVersion()));

        assertThat(decoder.decodeKey(key(record)).version()).isEqualTo(type.id());
        assertThat(decoder.decodeValue(key(record), value(record)).type())
                .isEqualTo(type.newRecordValue().getClass().getSimpleName());
        assertThat(decoder.deletedBy(key(record))).contains("''");
    }

    @Test
    void whatConsumersOfAClassicGroupSayIsDecoded() throws Exception {
        var record = classicGroup(
                "consumer",
                ConsumerProtocol.serializeSubscription(new Subscription(List.of("orders"))),
                ConsumerProtocol.serializeAssignment(new Assignment(List.of(new TopicPartition("orders", 1)))));

        var json = decoder.decodeValue(key(record), value(record)).json();

        assertThat(json).contains("\"topics\":[\"orders\"]", "\"topic\":\"orders\",\"partitions\":[1]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"consumer", "connect"})
    void bytesOfMembersThatAreNoneOfAConsumerStayBytes(String protocolType) throws Exception {
        var record = classicGroup(protocolType, ByteBuffer.wrap(new byte[] {0, 3, 9}), ByteBuffer.wrap(new byte[] {1}));

        var json = decoder.decodeValue(key(record), value(record)).json();

        assertThat(json).contains("\"subscription\":\"AAMJ\"", "\"assignment\":\"AQ==\"");
    }

    @Test
    void anUnknownTypeOrVersionIsNamed() {
        var unknownType = ByteBuffer.allocate(4).putShort(0, (short) 99);
        var unknownVersion = value(COMMIT).putShort(0, (short) 9);

        assertThatThrownBy(() -> decoder.decodeKey(unknownType))
                .isInstanceOf(MalformedRecordException.class)
                .hasMessageContaining("99");
        assertThatThrownBy(() -> decoder.decodeValue(key(COMMIT), unknownVersion))
                .isInstanceOf(MalformedRecordException.class)
                .hasMessageContaining("9");
    }

    @Test
    void moreBytesThanThereShouldBeAreToldOf() {
        var longer = ByteBuffer.allocate(value(COMMIT).remaining() + 3).put(value(COMMIT));
        longer.rewind();

        assertThatThrownBy(() -> decoder.decodeValue(key(COMMIT), longer))
                .isInstanceOf(MalformedRecordException.class)
                .hasMessageContaining("3 bytes follow behind the value");
    }

    @Test
    void truncatedRecordsAreMalformedAndNothingElse() {
        for (int length = 0; length < key(COMMIT).remaining(); length++) {
            var cut = key(COMMIT).slice(0, length);
            assertThatThrownBy(() -> decoder.decodeKey(cut)).isInstanceOf(MalformedRecordException.class);
        }
        for (int length = 0; length < value(COMMIT).remaining(); length++) {
            var cut = value(COMMIT).slice(0, length);
            assertThatThrownBy(() -> decoder.decodeValue(key(COMMIT), cut))
                    .isInstanceOf(MalformedRecordException.class);
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3})
    void randomBytesAreDecodedOrMalformed(long seed) {
        var random = new Random(seed);
        int malformed = 0;
        for (int i = 0; i < 20_000; i++) {
            var bytes = new byte[2 + random.nextInt(40)];
            random.nextBytes(bytes);
            bytes[0] = 0;
            bytes[1] = (byte) random.nextInt(24);
            try {
                decoder.decodeKey(ByteBuffer.wrap(bytes));
                decoder.decodeValue(key(COMMIT), ByteBuffer.wrap(bytes));
            } catch (MalformedRecordException e) {
                malformed++;
            }
        }

        assertThat(malformed).isPositive();
    }

    private static CoordinatorRecord classicGroup(String protocolType, ByteBuffer subscription, ByteBuffer assignment) {
        var member = new MemberMetadata()
                .setMemberId("m")
                .setClientId("c")
                .setClientHost("/127.0.0.1")
                .setSubscription(bytes(subscription))
                .setAssignment(bytes(assignment));
        return CoordinatorRecord.record(
                new GroupMetadataKey().setGroup("readers"),
                new ApiMessageAndVersion(
                        new GroupMetadataValue().setProtocolType(protocolType).setMembers(List.of(member)), (short) 3));
    }

    private static byte[] bytes(ByteBuffer buffer) {
        var bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }

    private static ByteBuffer key(CoordinatorRecord record) {
        return ByteBuffer.wrap(SERDE.serializeKey(record));
    }

    private static ByteBuffer value(CoordinatorRecord record) {
        return ByteBuffer.wrap(SERDE.serializeValue(record));
    }
}
