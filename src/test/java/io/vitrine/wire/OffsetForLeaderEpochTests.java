package io.vitrine.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.RunningBroker;
import io.vitrine.WireClient;
import io.vitrine.metadata.LeaderLoss;
import io.vitrine.metadata.TopicPartition;
import io.vitrine.partition.Durability;
import io.vitrine.record.Batches;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData.OffsetForLeaderPartition;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData.OffsetForLeaderTopic;
import org.apache.kafka.common.message.OffsetForLeaderEpochResponseData;
import org.apache.kafka.common.message.OffsetForLeaderEpochResponseData.EpochEndOffset;
import org.apache.kafka.common.protocol.ApiKeys;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Where leader epochs end, in the words of Apache Kafka 4.4.0: what is expected was recorded from it, with the same
/// two records of epoch 0 and three of epoch 2 in its log.
class OffsetForLeaderEpochTests {
    private static final TopicPartition ORDERS = new TopicPartition("orders", 0);
    private static final int NO_EPOCH = -1;

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
    @CsvSource({"-2, -2, 0", "-1, -1, -1", "0, 0, 2", "1, 0, 2", "2, 2, 5", "3, -1, -1", "99, -1, -1"})
    void saysWhereTheEpochEnds(int asked, int epoch, long endOffset) throws IOException {
        for (short version = 2; version <= 4; version++) {
            assertThat(ask(version, -1, partition(0, NO_EPOCH, asked))).containsExactly(end(0, 0, epoch, endOffset));
        }
    }

    @ParameterizedTest
    @CsvSource({"2, 0", "0, 74", "-5, 74", "3, 75"})
    void whoBelievesInAnotherEpochIsTold(int believed, int error) throws IOException {
        var expected = error == 0 ? end(0, 0, 0, 2) : end(0, error, -1, -1);

        assertThat(ask((short) 4, -1, partition(0, believed, 0))).containsExactly(expected);
    }

    @ParameterizedTest
    @ValueSource(ints = {-3, -2, -1, 1, 77})
    void itMakesNoDifferenceWhichReplicaAsks(int replicaId) throws IOException {
        assertThat(ask((short) 4, replicaId, partition(0, NO_EPOCH, 0))).containsExactly(end(0, 0, 0, 2));
    }

    @Test
    void eachPartitionIsAnsweredHoweverOftenItIsNamed() throws IOException {
        var answers = ask(
                (short) 3,
                -1,
                partition(0, NO_EPOCH, 0),
                partition(0, NO_EPOCH, 99),
                partition(1, NO_EPOCH, 0),
                partition(9, NO_EPOCH, 0),
                partition(-1, NO_EPOCH, 0));

        assertThat(answers)
                .containsExactly(
                        end(0, 0, 0, 2), end(0, 0, -1, -1), end(1, 0, 0, 0), end(9, 3, -1, -1), end(-1, 3, -1, -1));
        assertThat(broker.broker().refusals().latest(1).getFirst().detail())
                .isEqualTo("topic orders has partitions 0 to 1");
    }

    @Test
    void anUnknownTopicIsNoFailureOfTheOthers() throws IOException {
        var request = request(-1, partition(0, NO_EPOCH, 0));
        request.topics()
                .add(new OffsetForLeaderTopic().setTopic("nope").setPartitions(List.of(partition(0, NO_EPOCH, 0))));

        var answer = call((short) 4, request);

        assertThat(answer.topics().find("orders").partitions()).containsExactly(end(0, 0, 0, 2));
        assertThat(answer.topics().find("nope").partitions()).containsExactly(end(0, 3, -1, -1));
    }

    private static void append(String... values) {
        broker.broker()
                .partitions()
                .find(ORDERS)
                .orElseThrow()
                .append(Batches.of(values), Durability.PAGE_CACHE, true)
                .join();
    }

    private static List<EpochEndOffset> ask(short version, int replicaId, OffsetForLeaderPartition... partitions)
            throws IOException {
        return call(version, request(replicaId, partitions)).topics().stream()
                .flatMap(topic -> topic.partitions().stream())
                .toList();
    }

    private static OffsetForLeaderEpochResponseData call(short version, OffsetForLeaderEpochRequestData request)
            throws IOException {
        try (var client = new WireClient(broker.port())) {
            // Version 2 has no place for a replica id.
            var sent = version < 3 ? request.setReplicaId(-2) : request;
            return (OffsetForLeaderEpochResponseData) client.call(ApiKeys.OFFSET_FOR_LEADER_EPOCH, version, sent);
        }
    }

    private static OffsetForLeaderEpochRequestData request(int replicaId, OffsetForLeaderPartition... partitions) {
        var request = new OffsetForLeaderEpochRequestData().setReplicaId(replicaId);
        request.topics()
                .add(new OffsetForLeaderTopic()
                        .setTopic("orders")
                        .setPartitions(Stream.of(partitions).toList()));
        return request;
    }

    private static OffsetForLeaderPartition partition(int index, int believedEpoch, int epoch) {
        return new OffsetForLeaderPartition()
                .setPartition(index)
                .setCurrentLeaderEpoch(believedEpoch)
                .setLeaderEpoch(epoch);
    }

    private static EpochEndOffset end(int partition, int error, int epoch, long endOffset) {
        return new EpochEndOffset()
                .setPartition(partition)
                .setErrorCode((short) error)
                .setLeaderEpoch(epoch)
                .setEndOffset(endOffset);
    }
}
