package io.vitrine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vitrine.record.Batches;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.DeleteTopicsRequestData;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.serialization.StringSerializer;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// What is kept of requests and their answers, and what is found among them.
class RequestsOverHttpTests {
    @TempDir
    private static Path directory;

    private static RunningBroker broker;
    private static Rest rest;

    @BeforeAll
    static void start() {
        broker = RunningBroker.in(directory);
        broker.createTopic("orders", 1);
        broker.createTopic("payments", 1);
        rest = new Rest(broker);
    }

    @AfterAll
    static void stop() {
        rest.close();
        broker.close();
    }

    @Test
    void aProduceByTopicIdIsFoundByTheNameOfItsTopic() throws Exception {
        try (var producer = new KafkaProducer<>(
                Map.<String, Object>of("bootstrap.servers", broker.bootstrapServers(), "client.id", "by id & more"),
                new StringSerializer(),
                new StringSerializer())) {
            producer.send(new ProducerRecord<>("payments", "k", "v")).get();
        }

        var found = all("?api=produce&topic=payments&client=" + encoded("by id & more"));

        assertThat(found).singleElement().satisfies(item -> {
            assertThat(item.get("api").asString()).isEqualTo("Produce");
            assertThat(item.get("clientId").asString()).isEqualTo("by id & more");
            assertThat(texts(item.get("topics"))).containsExactly("payments");
            assertThat(item.get("end").asString()).isEqualTo("ANSWERED");
            assertThat(item.get("requestBytes").asInt()).isGreaterThan(80);
            assertThat(item.get("responseBytes").asInt()).isPositive();
            assertThat(item.get("errorCount").asInt()).isZero();
        });
        assertThat(all("?api=Produce&topic=orders&client=" + encoded("by id & more")))
                .isEmpty();
        assertThat(all("?api=Metadata&topic=payments&client=" + encoded("by id & more")))
                .isNotEmpty();
    }

    @Test
    void sizesAreThoseOnTheWire() throws Exception {
        try (var client = new WireClient(broker.port())) {
            var body = new ApiVersionsRequestData();
            client.send(ApiKeys.API_VERSIONS, (short) 0, 424_242, body);
            int answered = client.receiveFrame().length;

            var item = byCorrelationId(424_242);

            assertThat(item.get("requestBytes").asInt())
                    .isEqualTo(WireClient.encode(ApiKeys.API_VERSIONS, (short) 0, 1, body).length);
            assertThat(item.get("responseBytes").asInt()).isEqualTo(answered);
            assertThat(item.get("version").asInt()).isZero();
            assertThat(rest.get(item.at("/links/connection").asString())
                            .get("id")
                            .asLong())
                    .isEqualTo(item.at("/connection/id").asLong());
        }
    }

    @Test
    void errorsInAnyPartOfAnAnswerAreFound() throws Exception {
        try (var client = new WireClient(broker.port())) {
            client.send(
                    ApiKeys.DELETE_TOPICS,
                    (short) 5,
                    5001,
                    new DeleteTopicsRequestData()
                            .setTopicNames(List.of("no-such-topic", "nor-this"))
                            .setTimeoutMs(1000));
            client.receiveFrame();
            client.send(
                    ApiKeys.HEARTBEAT,
                    (short) 3,
                    5002,
                    new HeartbeatRequestData().setGroupId("g").setMemberId("m"));
            client.receiveFrame();

            var deletion = byCorrelationId(5001);
            assertThat(deletion.get("errorCount").asInt())
                    .as(deletion.toString())
                    .isEqualTo(2);
            assertThat(rest.get(deletion.at("/links/errors").asString()).get("items"))
                    .anyMatch(item -> item.toString().contains("nor-this"));
            assertThat(deletion.at("/errors/0/name").asString()).isEqualTo("UNKNOWN_TOPIC_OR_PARTITION");
            assertThat(deletion.get("errors").size()).isOne();
            assertThat(texts(deletion.get("topics"))).containsExactly("no-such-topic", "nor-this");
            assertThat(correlationIds("?error=UNKNOWN_TOPIC_OR_PARTITION&api=DeleteTopics"))
                    .contains(5001);
            assertThat(correlationIds("?error=3")).contains(5001).doesNotContain(5002);
            assertThat(correlationIds("?error=any")).contains(5001, 5002);
            assertThat(correlationIds("?error=none")).doesNotContain(5001, 5002);
            assertThat(correlationIds("?error=any&client=wi*")).contains(5001, 5002);
            assertThat(correlationIds("?error=any&client=wi")).isEmpty();
            assertThat(correlationIds("?error=any&topic=nor-this"))
                    .contains(5001)
                    .doesNotContain(5002);
        }
    }

    @Test
    void waitingForRecordsIsWaiting() throws Exception {
        try (var client = new WireClient(broker.port())) {
            client.send(ApiKeys.FETCH, (short) 12, 6001, fetch(300));
            client.receiveFrame();

            var times = byCorrelationId(6001).get("times");

            assertThat(times.get("waiting").asDouble()).isBetween(290.0, 30_000.0);
            assertThat(times.get("local").asDouble())
                    .isLessThan(times.get("waiting").asDouble());
            assertThat(times.get("total").asDouble())
                    .isGreaterThanOrEqualTo(
                            times.get("waiting").asDouble() + times.get("local").asDouble());
            assertThat(correlationIds("?slowerThanMs=290")).contains(6001);
            assertThat(correlationIds("?slowerThanMs=60000")).doesNotContain(6001);
        }
    }

    @Test
    void whatNobodyWaitsForHasNoAnswer() throws Exception {
        try (var client = new WireClient(broker.port())) {
            client.send(ApiKeys.PRODUCE, (short) 9, 7001, produce("orders", (short) 0));

            var item = byCorrelationId(7001);

            assertThat(item.get("end").asString()).isEqualTo("NO_ANSWER_WANTED");
            assertThat(item.get("responseBytes").asInt()).isZero();
            assertThat(texts(item.get("topics"))).containsExactly("orders");
        }
    }

    @Test
    void whoHangsUpHasNotBeenAnswered() throws Exception {
        try (var client = new WireClient(broker.port())) {
            client.send(ApiKeys.FETCH, (short) 12, 8001, fetch(600_000));
            patiently().until(() -> rest.get("/api/v1/purgatory").get("waiting").asInt() > 0);
        }

        assertThat(byCorrelationId(8001).get("end").asString()).isEqualTo("NOT_DELIVERED");
    }

    @Test
    void pagesGoBackInTimeAndKeepTheirConditions() throws Exception {
        long connection;
        try (var client = new WireClient(broker.port())) {
            for (int i = 0; i < 7; i++) {
                client.send(ApiKeys.API_VERSIONS, (short) 0, 9000 + i, new ApiVersionsRequestData());
                client.receiveFrame();
            }
            connection = byCorrelationId(9006).at("/connection/id").asLong();

            var found = new ArrayList<Integer>();
            var path = "/api/v1/requests?limit=3&connection=" + connection;
            int pages = 0;
            while (!path.isEmpty()) {
                var page = rest.get(path);
                page.get("items")
                        .forEach(item -> found.add(item.get("correlationId").asInt()));
                path = page.path("next").asString("");
                pages++;
            }

            assertThat(found).containsExactly(9006, 9005, 9004, 9003, 9002, 9001, 9000);
            assertThat(pages).isEqualTo(3);
        }
    }

    @Test
    void noMoreThanTheLastAreKept() throws Exception {
        try (var client = new WireClient(broker.port())) {
            for (int i = 0; i < 3000; i++) {
                client.send(ApiKeys.API_VERSIONS, (short) 0, i, new ApiVersionsRequestData());
                client.receiveFrame();
            }

            var page = rest.get("/api/v1/requests?limit=10000");

            assertThat(page.get("items").size()).isBetween(256, 2 * 2048);
            assertThat(page.get("total").asLong()).isGreaterThanOrEqualTo(3000);
        }
    }

    @Test
    void aLongNameIsCutAndHostileOnesAreFoundAsTheyAre() throws Exception {
        var hostile = "x'\"<script>%00{0}\n" + "ä".repeat(10_000);
        try (var client = new WireClient(broker.port())) {
            client.send(
                    ApiKeys.DELETE_TOPICS,
                    (short) 5,
                    11_001,
                    new DeleteTopicsRequestData()
                            .setTopicNames(List.of(hostile))
                            .setTimeoutMs(1000));
            client.receiveFrame();

            var item = byCorrelationId(11_001);

            assertThat(item.at("/topics/0").asString()).isEqualTo(hostile.substring(0, 255));
            assertThat(correlationIds("?topic=" + encoded(hostile.substring(0, 255))))
                    .contains(11_001);
        }
    }

    @Test
    void conditionsThatMeanNothingAreRefused() {
        for (var bad : List.of(
                "api=Nothing",
                "api=",
                "error=OOPS",
                "error=0",
                "error=%00",
                "slowerThanMs=-1",
                "slowerThanMs=soon",
                "connection=x",
                "connection=-1",
                "cursor=zzz",
                "cursor=00000000.1.0.1",
                "cursor=%27%20or%201",
                "limit=0",
                "limit=10001",
                "clientt=x",
                "client=a&client=b")) {
            var problem = rest.get(400, "/api/v1/requests?" + bad);
            assertThat(problem.get("status").asInt()).as(bad).isEqualTo(400);
        }
        assertThat(rest.get("/api/v1/requests?client=" + encoded("☃/../%2e" + "y".repeat(2000)))
                        .get("items")
                        .size())
                .isZero();
    }

    private static JsonNode byCorrelationId(int id) {
        return patiently()
                .until(
                        () -> all("").stream()
                                .filter(item -> item.get("correlationId").asInt() == id)
                                .toList(),
                        found -> found.size() == 1)
                .getFirst();
    }

    private static List<Integer> correlationIds(String query) {
        return all(query).stream()
                .map(item -> item.get("correlationId").asInt())
                .toList();
    }

    private static List<JsonNode> all(String query) {
        var path = "/api/v1/requests" + (query.isEmpty() ? "?" : query + "&") + "limit=10000";
        return rest.get(path).get("items").valueStream().toList();
    }

    private static List<String> texts(JsonNode array) {
        return array.valueStream().map(JsonNode::asString).toList();
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static ProduceRequestData produce(String topic, short acks) {
        var data = new TopicProduceData()
                .setName(topic)
                .setPartitionData(List.of(new PartitionProduceData()
                        .setIndex(0)
                        .setRecords(MemoryRecords.readableRecords(Batches.of("v")))));
        var request = new ProduceRequestData().setAcks(acks).setTimeoutMs(1000);
        request.topicData().add(data);
        return request;
    }

    private static FetchRequestData fetch(int maxWaitMs) {
        var partition = new FetchPartition().setPartition(0).setFetchOffset(0).setPartitionMaxBytes(1000);
        return new FetchRequestData()
                .setMaxWaitMs(maxWaitMs)
                .setMinBytes(1_000_000)
                .setSessionEpoch(-1)
                .setTopics(List.of(new FetchTopic().setTopic("orders").setPartitions(List.of(partition))));
    }

    private static ConditionFactory patiently() {
        return await().atMost(Duration.ofSeconds(30));
    }
}
