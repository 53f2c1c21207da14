package io.vitrine.wire;

import static io.vitrine.wire.FetchRequests.readFrom;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vitrine.RunningBroker;
import io.vitrine.metadata.LeaderLoss;
import io.vitrine.metadata.TopicPartition;
import io.vitrine.partition.Durability;
import io.vitrine.record.Batches;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.FetchRequestData.ReplicaState;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.EpochEndOffset;
import org.apache.kafka.common.message.FetchResponseData.LeaderIdAndEpoch;
import org.apache.kafka.common.message.FetchResponseData.NodeEndpoint;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What a fetch is answered, and how it is refused; recorded from Apache Kafka 4.4.0 with the same log: two records
/// of leader epoch 0 in one batch, three of epoch 2 in another.
class FetchTests {
    private static final TopicPartition ORDERS = new TopicPartition("orders", 0);
    private static final int NOT_GIVEN = -1;

    @TempDir
    private static Path directory;

    private static RunningBroker broker;

    @BeforeAll
    static void start() throws IOException {
        broker = RunningBroker.in(directory);
        broker.createTopic("orders", 2);
        append("a", "b");
        LeaderLoss.closeAndLose(broker, directory, ORDERS);
        broker = RunningBroker.in(directory);
        append("c", "d", "e");
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 6, Long.MAX_VALUE})
    void anOffsetOutsideTheLogIsRefusedWithoutMarks(long offset) throws IOException {
        for (int version = 4; version <= 18; version++) {
            var data = fetch(version, readFrom(0, offset));

            assertThat(data).isEqualTo(refused(Errors.OFFSET_OUT_OF_RANGE, data));
        }
    }

    /// From version 16 on the client is told who leads, and where.
    @ParameterizedTest
    @CsvSource({"0, FENCED_LEADER_EPOCH", "1, FENCED_LEADER_EPOCH", "3, UNKNOWN_LEADER_EPOCH", "2, NONE", "-5, NONE"})
    void whoBelievesInAnotherLeaderEpochIsTold(int believed, Errors error) throws IOException {
        for (int version = 9; version <= 18; version++) {
            try (var client = new FetchRequests(broker, version)) {
                var answer = client.call(
                        client.alone(client.topic("orders", readFrom(0, 5).setCurrentLeaderEpoch(believed))));

                boolean hinted = version >= 16 && error == Errors.FENCED_LEADER_EPOCH;
                var data = only(answer);
                assertThat(Errors.forCode(data.errorCode())).isEqualTo(error);
                assertThat(data.currentLeader())
                        .isEqualTo(
                                hinted
                                        ? new LeaderIdAndEpoch().setLeaderId(1).setLeaderEpoch(2)
                                        : new LeaderIdAndEpoch());
                assertThat(answer.nodeEndpoints())
                        .extracting(NodeEndpoint::nodeId, NodeEndpoint::host, NodeEndpoint::port)
                        .hasSize(hinted ? 1 : 0);
                if (hinted) {
                    assertThat(answer.nodeEndpoints().find(1).port()).isEqualTo(broker.port());
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "0, 2, -1, -1, NONE",
        "0, 3, 0, 2, NONE",
        "0, 9, 0, 2, NONE",
        "1, 0, 0, 2, NONE",
        "2, 0, -1, -1, NONE",
        "2, 5, -1, -1, NONE",
        "2, 6, 2, 5, NONE",
        "3, 5, -1, -1, OFFSET_OUT_OF_RANGE",
        "9, 0, -1, -1, OFFSET_OUT_OF_RANGE",
        "-1, 5, -1, -1, NONE"
    })
    void whoHasReadAnotherLogIsToldWhereItPartsFromOurs(
            int lastFetched, long offset, int epoch, long endOffset, Errors error) throws IOException {
        for (int version : List.of(12, 13, 16, 18)) {
            var data = fetch(version, readFrom(0, offset).setLastFetchedEpoch(lastFetched));

            assertThat(Errors.forCode(data.errorCode())).isEqualTo(error);
            assertThat(data.divergingEpoch())
                    .isEqualTo(new EpochEndOffset().setEpoch(epoch).setEndOffset(endOffset));
            assertThat(data.highWatermark()).isEqualTo(error == Errors.NONE ? 5 : -1);
            assertThat(data.records().sizeInBytes() > 0).isEqualTo(error == Errors.NONE && epoch < 0 && offset < 5);
        }
    }

    /// Who claims to be a broker is not one: there is no other.
    @ParameterizedTest
    @CsvSource({
        "1, -1, NOT_LEADER_OR_FOLLOWER",
        "77, -1, NOT_LEADER_OR_FOLLOWER",
        "77, 2, UNKNOWN_LEADER_EPOCH",
        "77, 0, FENCED_LEADER_EPOCH",
        "-2, -1, NONE",
        "-3, -1, NONE"
    })
    void aReplicaIdIsRefusedWhereverItStands(int replicaId, int believed, Errors error) throws IOException {
        for (int version = 9; version <= 18; version++) {
            try (var client = new FetchRequests(broker, version)) {
                var request = client.alone(client.topic("orders", readFrom(0, 0).setCurrentLeaderEpoch(believed)));
                var sent = version < 15
                        ? request.setReplicaId(replicaId)
                        : request.setReplicaState(new ReplicaState().setReplicaId(replicaId));

                assertThat(Errors.forCode(only(client.call(sent)).errorCode())).isEqualTo(error);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 12, 16})
    void aPartitionThatIsNamedTwiceIsAnsweredOnceAsItWasNamedLast(int version) throws IOException {
        try (var client = new FetchRequests(broker, version)) {
            var inOneTopic = client.alone(client.topic("orders", readFrom(0, 0), readFrom(1, 0), readFrom(0, 5)));
            var inTwo = client.alone(
                    client.topic("orders", readFrom(0, 0)),
                    client.topic("nope", readFrom(0, 0)),
                    client.topic("orders", readFrom(0, 5)));

            assertThat(client.inShort(client.call(inOneTopic))).containsExactly("orders-0 0 of 5", "orders-1 0 of 0");
            assertThat(client.inShort(client.call(inTwo))).hasSize(2).startsWith("orders-0 0 of 5");
        }
    }

    /// Kafka answers these with -1, as its own failure.
    @Test
    void whatMakesNoSenseIsAnInvalidRequest() throws IOException {
        try (var client = new FetchRequests(broker, 12);
                var newer = new FetchRequests(broker, 13)) {
            var level = client.call(
                    client.alone(client.topic("orders", readFrom(0, 0))).setIsolationLevel((byte) 2));
            assertThat(Errors.forCode(level.errorCode())).isEqualTo(Errors.INVALID_REQUEST);
            assertThat(client.inShort(level)).containsExactly("orders-0 INVALID_REQUEST");
            var newerLevel = newer.call(
                    newer.alone(newer.topic("orders", readFrom(0, 0))).setIsolationLevel((byte) 2));
            assertThat(Errors.forCode(newerLevel.errorCode())).isEqualTo(Errors.INVALID_REQUEST);
            assertThat(newerLevel.responses()).isEmpty();
            assertThat(client.inShort(client.call(
                            client.alone(client.topic("orders", readFrom(0, 0))).setMaxBytes(-1))))
                    .containsExactly("orders-0 INVALID_REQUEST");
            assertThat(fetch(12, readFrom(0, 0).setPartitionMaxBytes(-1)).errorCode())
                    .isEqualTo(Errors.INVALID_REQUEST.code());
        }
    }

    @Test
    void lessThanNothingIsNothingToWaitFor() throws IOException {
        try (var client = new FetchRequests(broker, 12)) {
            var atEnd = client.topic("orders", readFrom(0, 5));

            assertThat(client.inShort(client.call(client.alone(atEnd).setMaxWaitMs(-1))))
                    .hasSize(1);
            assertThat(client.inShort(client.call(
                            client.alone(atEnd).setMaxWaitMs(600_000).setMinBytes(-1))))
                    .hasSize(1);
            assertThat(client.call(client.alone().setMaxWaitMs(600_000)).responses())
                    .isEmpty();
        }
    }

    /// One batch comes in any case; behind it each partition has to fit.
    @Test
    void onlyTheFirstBatchMayExceedTheLimits() throws IOException {
        broker.createTopic("large", 2);
        append(new TopicPartition("large", 0), "x".repeat(1000));
        append(new TopicPartition("large", 1), "y".repeat(1000));
        try (var client = new FetchRequests(broker, 16)) {
            var two = client.topic(
                    "large",
                    readFrom(0, 0).setPartitionMaxBytes(1),
                    readFrom(1, 0).setPartitionMaxBytes(1));
            assertThat(recordSizes(client, two, 1_000_000))
                    .satisfiesExactly(
                            first -> assertThat(first).isGreaterThan(1000),
                            second -> assertThat(second).isZero());

            var all = client.topic("large", readFrom(0, 0), readFrom(1, 0));
            assertThat(recordSizes(client, all, 0))
                    .satisfiesExactly(
                            first -> assertThat(first).isGreaterThan(1000),
                            second -> assertThat(second).isZero());
            assertThat(recordSizes(client, all, 1_000_000)).allMatch(found -> found > 1000);
        }
    }

    /// Nobody could wait for the hour that these fetches allow.
    @Test
    void anAppendAndADeletionWakeWhoWaits() throws Exception {
        broker.createTopic("waited", 1);
        var waited = new TopicPartition("waited", 0);
        try (var client = new FetchRequests(broker, 16)) {
            client.send(client.alone(client.topic("waited", readFrom(0, 0))).setMaxWaitMs(3_600_000));
            await().until(broker.broker().purgatory()::size, size -> size == 1);
            append(waited, "a");
            assertThat(client.inShort(client.receive())).hasSize(1).allMatch(data -> data.endsWith("of 1"));

            client.send(client.alone(client.topic("waited", readFrom(0, 1))).setMaxWaitMs(3_600_000));
            await().until(broker.broker().purgatory()::size, size -> size == 1);
            broker.broker()
                    .partitions()
                    .deleteRecords(broker.broker().partitions().find(waited).orElseThrow(), 1);
            assertThat(only(client.receive()).logStartOffset()).isEqualTo(1);
        }
        await().until(broker.broker().purgatory()::size, size -> size == 0);
    }

    private static List<Integer> recordSizes(FetchRequests client, FetchTopic topic, int maxBytes) throws IOException {
        return client.call(client.alone(topic).setMaxBytes(maxBytes)).responses().getFirst().partitions().stream()
                .map(data -> data.records().sizeInBytes())
                .toList();
    }

    private static PartitionData fetch(int version, FetchPartition partition) throws IOException {
        try (var client = new FetchRequests(broker, version)) {
            return only(client.call(client.alone(client.topic("orders", partition))));
        }
    }

    private static PartitionData only(FetchResponseData answer) {
        assertThat(answer.responses()).hasSize(1);
        return answer.responses().getFirst().partitions().getFirst();
    }

    private static PartitionData refused(Errors error, PartitionData found) {
        return new PartitionData()
                .setErrorCode(error.code())
                .setHighWatermark(-1)
                .setLastStableOffset(-1)
                .setLogStartOffset(-1)
                .setAbortedTransactions(null)
                .setPreferredReadReplica(NOT_GIVEN)
                .setRecords(found.records());
    }

    private static void append(String... values) {
        append(ORDERS, values);
    }

    private static void append(TopicPartition partition, String... values) {
        broker.broker()
                .partitions()
                .find(partition)
                .orElseThrow()
                .append(Batches.of(values), Durability.PAGE_CACHE, true)
                .join();
    }
}
