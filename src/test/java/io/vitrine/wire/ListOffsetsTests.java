package io.vitrine.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.RunningBroker;
import io.vitrine.WireClient;
import io.vitrine.metadata.LeaderLoss;
import io.vitrine.metadata.TopicPartition;
import io.vitrine.partition.Durability;
import io.vitrine.partition.Partition;
import io.vitrine.record.Batches;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.common.message.ListOffsetsRequestData;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsPartition;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsTopic;
import org.apache.kafka.common.message.ListOffsetsResponseData;
import org.apache.kafka.common.message.ListOffsetsResponseData.ListOffsetsPartitionResponse;
import org.apache.kafka.common.protocol.ApiKeys;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What ListOffsets says of each timestamp that means something, in every version; recorded from Apache Kafka 4.4.0
/// with the same log: two records of epoch 0, three of epoch 2, all of one time.
class ListOffsetsTests {
    private static final TopicPartition ORDERS = new TopicPartition("orders", 0);
    private static final long TIME = Batches.TIMESTAMP;

    @TempDir
    private static Path directory;

    private static RunningBroker broker;

    @BeforeAll
    static void start() throws IOException {
        broker = RunningBroker.in(directory);
        broker.createTopic("orders", 2);
        append("orders", "a", "b");
        LeaderLoss.closeAndLose(broker, directory, ORDERS);
        broker = RunningBroker.in(directory);
        append("orders", "c", "d", "e");
        broker.createTopic("deleted", 1);
        append("deleted", "a");
        append("deleted", "b");
        broker.broker().partitions().deleteRecords(partition("deleted"), 1);
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    @ParameterizedTest
    @CsvSource({
        "-1, 1, 5, -1, 2",
        "-2, 1, 0, -1, 0",
        "-3, 7, 0, 1726045943832, 0",
        "-4, 8, 0, -1, 0",
        "-5, 9, -1, -1, -1",
        "-6, 11, -1, -1, -1",
        "-7, 12, -1, -1, -1",
        "-99, 12, -1, -1, -1",
        "0, 1, 0, 1726045943832, 0",
        "1726045943832, 1, 0, 1726045943832, 0",
        "1726045943833, 1, -1, -1, -1",
        "9223372036854775807, 1, -1, -1, -1"
    })
    void eachTimestampHasItsMeaningFromSomeVersionOn(
            long timestamp, int firstVersion, long offset, long foundTimestamp, int leaderEpoch) throws IOException {
        for (short version = 1; version <= 11; version++) {
            var expected = version < firstVersion
                    ? found(35, -1, -1, -1)
                    : found(0, foundTimestamp, offset, version < 4 ? -1 : leaderEpoch);

            assertThat(ask(version, request("orders", asked(0, timestamp)))).containsExactly(expected);
        }
    }

    @Test
    void anEmptyLogHasNoGreatestTimestamp() throws IOException {
        assertThat(ask((short) 7, request("orders", asked(1, -3))))
                .containsExactly(found(0, -1, -1, -1).setPartitionIndex(1));
        assertThat(ask((short) 7, request("orders", asked(1, -2))))
                .containsExactly(found(0, -1, 0, 0).setPartitionIndex(1));
    }

    /// Kafka names the deleted record, which nobody can read.
    @Test
    void theGreatestTimestampIsThatOfARecordThatCanBeRead() throws IOException {
        assertThat(ask((short) 7, request("deleted", asked(0, -3)))).containsExactly(found(0, TIME, 1, 0));
        assertThat(ask((short) 7, request("deleted", asked(0, -2)))).containsExactly(found(0, -1, 1, 0));
    }

    @Test
    void aPartitionThatIsNamedTwiceIsRefusedOnce() throws IOException {
        var inOneTopic = request("orders", asked(0, -1), asked(1, -1), asked(0, -2));
        var inTwo = request("orders", asked(0, -1));
        inTwo.setTopics(List.of(inTwo.topics().getFirst(), inTwo.topics().getFirst()));

        assertThat(ask((short) 8, inOneTopic))
                .containsExactly(found(42, -1, -1, -1), found(0, -1, 0, 0).setPartitionIndex(1));
        assertThat(ask((short) 8, inTwo)).containsExactly(found(42, -1, -1, -1));
    }

    @ParameterizedTest
    @CsvSource({"0, 74", "1, 74", "-7, 74", "3, 75", "77, 75"})
    void whoBelievesInAnotherLeaderEpochIsTold(int believed, int error) throws IOException {
        var request = request("orders", asked(0, -1).setCurrentLeaderEpoch(believed));

        assertThat(ask((short) 4, request)).containsExactly(found(error, -1, -1, -1));
        assertThat(ask((short) 3, request("orders", asked(0, -1)))).containsExactly(found(0, -1, 5, -1));
    }

    @Test
    void anUnknownMeaningIsRefusedBeforeThePartitionIsLookedFor() throws IOException {
        assertThat(ask((short) 8, request("nope", asked(0, -9)))).containsExactly(found(35, -1, -1, -1));
        assertThat(ask((short) 8, request("nope", asked(0, -1)))).containsExactly(found(3, -1, -1, -1));
        assertThat(ask((short) 8, request("orders", asked(-1, -1))))
                .containsExactly(found(3, -1, -1, -1).setPartitionIndex(-1));
    }

    /// Kafka answers an isolation level that it does not know with -1, as its own failure.
    @ParameterizedTest
    @CsvSource({"0, 0", "1, 0", "2, 42", "-1, 42"})
    void thereAreTwoIsolationLevels(byte level, int error) throws IOException {
        var expected = error == 0 ? found(0, -1, 5, 2) : found(error, -1, -1, -1);

        assertThat(ask((short) 5, request("orders", asked(0, -1)).setIsolationLevel(level)))
                .containsExactly(expected);
    }

    @ParameterizedTest
    @CsvSource({"1", "77", "-2", "-3"})
    void itMakesNoDifferenceWhichReplicaAsks(int replicaId) throws IOException {
        assertThat(ask((short) 5, request("orders", asked(0, -1)).setReplicaId(replicaId)))
                .containsExactly(found(0, -1, 5, 2));
    }

    private static void append(String topic, String... values) {
        partition(topic).append(Batches.of(values), Durability.PAGE_CACHE, true).join();
    }

    private static Partition partition(String topic) {
        return broker.broker().partitions().find(new TopicPartition(topic, 0)).orElseThrow();
    }

    private static List<ListOffsetsPartitionResponse> ask(short version, ListOffsetsRequestData request)
            throws IOException {
        try (var client = new WireClient(broker.port())) {
            var answer = (ListOffsetsResponseData) client.call(ApiKeys.LIST_OFFSETS, version, request);
            return answer.topics().stream()
                    .flatMap(topic -> topic.partitions().stream())
                    .toList();
        }
    }

    private static ListOffsetsRequestData request(String topic, ListOffsetsPartition... partitions) {
        return new ListOffsetsRequestData()
                .setReplicaId(-1)
                .setTopics(List.of(new ListOffsetsTopic()
                        .setName(topic)
                        .setPartitions(Stream.of(partitions).toList())));
    }

    private static ListOffsetsPartition asked(int partition, long timestamp) {
        return new ListOffsetsPartition().setPartitionIndex(partition).setTimestamp(timestamp);
    }

    private static ListOffsetsPartitionResponse found(int error, long timestamp, long offset, int leaderEpoch) {
        return new ListOffsetsPartitionResponse()
                .setErrorCode((short) error)
                .setTimestamp(timestamp)
                .setOffset(offset)
                .setLeaderEpoch(leaderEpoch);
    }
}
