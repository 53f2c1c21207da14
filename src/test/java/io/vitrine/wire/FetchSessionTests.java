package io.vitrine.wire;

import static io.vitrine.wire.FetchRequests.readFrom;
import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.RunningBroker;
import io.vitrine.metadata.TopicPartition;
import io.vitrine.partition.Durability;
import io.vitrine.record.Batches;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.message.FetchRequestData.ReplicaState;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a fetch session is told and what not (KIP-227). All answers were recorded from Apache Kafka 4.4.0, with the
/// same requests and the same logs, in versions that name topics and in versions that have ids.
class FetchSessionTests {
    @TempDir
    private static Path directory;

    private static RunningBroker broker;
    private static int size;

    private FetchResponseData last = new FetchResponseData();

    @BeforeAll
    static void start() {
        broker = RunningBroker.in(directory);
        broker.createTopic("a", 3);
        broker.createTopic("b", 1);
        append("a", 0);
        append("a", 0);
        append("a", 1);
        append("b", 0);
        size = Batches.of("v").remaining();
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {7, 12, 13, 16, 18})
    void onlyWhatIsNewIsTold(int version) throws IOException {
        try (var client = new FetchRequests(broker, version)) {
            int id = open(client);

            assertThat(say(client, id, 1)).containsExactly("a-0 %d of 2".formatted(2 * size), one("a-1"), one("b-0"));
            var advanced = client.request(
                    id, 2, client.topic("a", readFrom(0, 2), readFrom(1, 1)), client.topic("b", readFrom(0, 1)));
            assertThat(client.inShort(client.call(advanced))).isEmpty();
            assertThat(say(client, id, 3)).isEmpty();

            assertThat(client.inShort(client.call(client.request(id, 4, client.topic("a", readFrom(0, 99))))))
                    .containsExactly("a-0 OFFSET_OUT_OF_RANGE");
            assertThat(say(client, id, 5)).containsExactly("a-0 OFFSET_OUT_OF_RANGE");
            assertThat(client.inShort(client.call(client.request(id, 6, client.topic("a", readFrom(0, 2))))))
                    .as("the mark was forgotten with the error")
                    .containsExactly("a-0 0 of 2");
            assertThat(say(client, id, 7)).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {7, 12, 13, 16, 18})
    void whatIsUnknownIsLookedForAgainAndAgain(int version) throws IOException {
        var error = version < 13 ? "nope-0 UNKNOWN_TOPIC_OR_PARTITION" : "?-0 UNKNOWN_TOPIC_ID";
        try (var client = new FetchRequests(broker, version)) {
            int id = openAtEnd(client);

            var added = client.request(id, 1, client.topic("nope", readFrom(0, 0)), client.topic("a", readFrom(9, 0)));
            assertThat(client.inShort(client.call(added))).containsExactly(error, "a-9 UNKNOWN_TOPIC_OR_PARTITION");
            assertThat(say(client, id, 2)).containsExactly(error, "a-9 UNKNOWN_TOPIC_OR_PARTITION");

            var forgotten = client.request(id, 3)
                    .setForgottenTopicsData(
                            List.of(client.forget("nope", 0), client.forget("a", 9), client.forget("b", 7)));
            assertThat(client.inShort(client.call(forgotten))).isEmpty();
            assertThat(say(client, id, 4)).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {7, 16})
    void whatIsForgottenIsNotToldAndComesBackAsNew(int version) throws IOException {
        try (var client = new FetchRequests(broker, version)) {
            int id = openAtEnd(client);

            var forgotten = client.request(id, 1, client.topic("a", readFrom(2, 0)))
                    .setForgottenTopicsData(List.of(client.forget("a", 2, 0)));
            assertThat(client.inShort(client.call(forgotten))).isEmpty();
            assertThat(client.inShort(client.call(client.request(id, 2, client.topic("a", readFrom(2, 0))))))
                    .containsExactly("a-2 0 of 0");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {7, 16})
    void everyPartitionHasItsTurnHoweverSmallTheLimit(int version) throws IOException {
        try (var client = new FetchRequests(broker, version)) {
            int id = open(client);

            assertThat(sayWithOneByte(client, id, 1)).containsExactly("a-0 %d of 2".formatted(size));
            assertThat(sayWithOneByte(client, id, 2)).containsExactly(one("a-1"));
            assertThat(sayWithOneByte(client, id, 3)).containsExactly(one("b-0"));
            assertThat(sayWithOneByte(client, id, 4)).containsExactly("a-0 %d of 2".formatted(size));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {7, 12, 13, 18})
    void errorsOfTheSession(int version) throws IOException {
        try (var client = new FetchRequests(broker, version);
                var other = new FetchRequests(broker, version < 13 ? 13 : 12)) {
            int id = openAtEnd(client);

            assertThat(errorOf(client, id, 2)).isEqualTo(Errors.INVALID_FETCH_SESSION_EPOCH);
            assertThat(errorOf(client, 0, 1)).isEqualTo(Errors.FETCH_SESSION_ID_NOT_FOUND);
            assertThat(errorOf(client, -5, 1)).isEqualTo(Errors.FETCH_SESSION_ID_NOT_FOUND);
            assertThat(errorOf(client, Integer.MAX_VALUE, 1)).isEqualTo(Errors.FETCH_SESSION_ID_NOT_FOUND);
            assertThat(errorOf(client, 0, -2)).isEqualTo(Errors.FETCH_SESSION_ID_NOT_FOUND);
            assertThat(errorOf(other, id, 1)).isEqualTo(Errors.FETCH_SESSION_TOPIC_ID_ERROR);
            assertThat(errorOf(client, id, 1)).as("none of them has done harm").isEqualTo(Errors.NONE);
            assertThat(errorOf(client, id, 1)).isEqualTo(Errors.INVALID_FETCH_SESSION_EPOCH);
            assertThat(last.sessionId()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {7, 16})
    void aSessionEndsWhenNothingIsLeftOfItOrAFullFetchNamesIt(int version) throws IOException {
        try (var client = new FetchRequests(broker, version)) {
            int first = openAtEnd(client);
            var all = client.request(first, 1)
                    .setForgottenTopicsData(List.of(client.forget("a", 0, 1, 2), client.forget("b", 0)));
            assertThat(client.call(all).sessionId()).isZero();
            assertThat(errorOf(client, first, 2)).isEqualTo(Errors.FETCH_SESSION_ID_NOT_FOUND);

            int second = openAtEnd(client);
            var last = client.request(second, -1, client.topic("a", readFrom(1, 0)));
            assertThat(client.inShort(client.call(last))).containsExactly(one("a-1"));
            assertThat(errorOf(client, second, 1)).isEqualTo(Errors.FETCH_SESSION_ID_NOT_FOUND);

            int third = openAtEnd(client);
            var anew = client.call(client.request(third, 0, client.topic("a", readFrom(1, 0))));
            assertThat(anew.sessionId()).isNotZero().isNotEqualTo(third);
            assertThat(errorOf(client, third, 1)).isEqualTo(Errors.FETCH_SESSION_ID_NOT_FOUND);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 6})
    void oldVersionsHaveNoSessions(int version) throws IOException {
        int before = broker.broker().fetchSessions().sessionCount();
        try (var client = new FetchRequests(broker, version)) {
            assertThat(client.inShort(client.call(client.alone(client.topic("a", readFrom(1, 0), readFrom(2, 0))))))
                    .containsExactly(one("a-1"), "a-2 0 of 0");
        }
        assertThat(broker.broker().fetchSessions().sessionCount()).isEqualTo(before);
    }

    @Test
    void aReplicaIdIsRefusedForQuietPartitionsToo() throws IOException {
        try (var client = new FetchRequests(broker, 16)) {
            int id = openAtEnd(client);

            var answer = client.call(client.request(id, 1).setReplicaState(new ReplicaState().setReplicaId(1)));

            assertThat(client.inShort(answer))
                    .hasSize(4)
                    .allMatch(partition -> partition.endsWith("NOT_LEADER_OR_FOLLOWER"));
            assertThat(answer.nodeEndpoints()).hasSize(1);
        }
    }

    @Test
    void anotherIsolationLevelIsAnotherQuestion() throws IOException {
        try (var client = new FetchRequests(broker, 16)) {
            int id = openAtEnd(client);

            var answer = client.call(
                    client.request(id, 1, client.topic("a", readFrom(1, 0))).setIsolationLevel((byte) 1));

            assertThat(client.inShort(answer)).containsExactly(one("a-1"));
            assertThat(answer.responses().getFirst().partitions().getFirst().abortedTransactions())
                    .isEmpty();
        }
    }

    @Test
    void aFetchWithoutASlotNamesItsPartitionsEachTime(@TempDir Path place) throws IOException {
        try (var small = RunningBroker.in(place, Map.of("max.incremental.fetch.session.cache.slots", "1"))) {
            small.createTopic("a", 1);
            try (var client = new FetchRequests(small, 16)) {
                var first = client.call(client.request(0, 0, client.topic("a", readFrom(0, 0))));
                var second = client.call(client.request(0, 0, client.topic("a", readFrom(0, 0))));

                assertThat(first.sessionId()).isNotZero();
                assertThat(second.sessionId()).isZero();
                assertThat(client.inShort(second)).containsExactly("a-0 0 of 0");
            }
        }
    }

    /// A session from the beginning of all logs.
    private int open(FetchRequests client) throws IOException {
        return open(client, 0, 0, 0);
    }

    private int openAtEnd(FetchRequests client) throws IOException {
        return open(client, 2, 1, 1);
    }

    private int open(FetchRequests client, long first, long second, long third) throws IOException {
        var answer = client.call(client.request(
                0,
                0,
                client.topic("a", readFrom(0, first), readFrom(1, second), readFrom(2, 0)),
                client.topic("b", readFrom(0, third))));
        assertThat(client.inShort(answer)).hasSize(4);
        assertThat(answer.sessionId()).isPositive();
        return answer.sessionId();
    }

    private static List<String> say(FetchRequests client, int id, int epoch) throws IOException {
        return client.inShort(client.call(client.request(id, epoch)));
    }

    private static List<String> sayWithOneByte(FetchRequests client, int id, int epoch) throws IOException {
        return client.inShort(client.call(client.request(id, epoch).setMaxBytes(1)));
    }

    private Errors errorOf(FetchRequests client, int id, int epoch) throws IOException {
        last = client.call(client.request(id, epoch));
        assertThat(last.responses()).isEmpty();
        return Errors.forCode(last.errorCode());
    }

    private static String one(String partition) {
        return "%s %d of 1".formatted(partition, size);
    }

    private static void append(String topic, int partition) {
        broker.broker()
                .partitions()
                .find(new TopicPartition(topic, partition))
                .orElseThrow()
                .append(Batches.of("v"), Durability.PAGE_CACHE, true)
                .join();
    }
}
