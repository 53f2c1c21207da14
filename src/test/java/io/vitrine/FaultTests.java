package io.vitrine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.ListOffsetsRequestData;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsPartition;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsTopic;
import org.apache.kafka.common.message.ListOffsetsResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/// Faults on purpose, as real clients take them.
class FaultTests extends TestControlsScenario {
    private static final String FAULTS = "/api/v1/faults";

    @Test
    void aProducerRetriesThroughALostLeader() throws Exception {
        broker.createTopic("orders", 1);
        set("""
                {"api":"Produce","client":"shop*","topic":"orders","fault":{"error":"NOT_LEADER_OR_FOLLOWER"},"count":3}""");

        send(Map.of("client.id", "shop-1"), 5);

        var fault = rest.get(FAULTS + "/1");
        assertThat(fault.get("done").intValue()).isEqualTo(3);
        assertThat(fault.get("over").booleanValue()).isTrue();
        assertThat(values("orders")).containsExactly("0", "1", "2", "3", "4");
        var kept = rest.get("/api/v1/errors?reason=FAULT_INJECTED&topic=orders")
                .get("items")
                .get(0);
        assertThat(kept.get("error").stringValue()).isEqualTo("NOT_LEADER_OR_FOLLOWER");
        assertThat(kept.get("times").intValue()).isEqualTo(3);
        assertThat(kept.get("evidence").get("fault").intValue()).isEqualTo(1);
    }

    @Test
    void onlyThePartitionThatIsNamedFails() throws Exception {
        broker.createTopic("orders", 2);
        set("""
                {"api":"Produce","topic":"orders","partition":1,"fault":{"error":"MESSAGE_TOO_LARGE"}}""");

        try (var producer = producer(Map.of("linger.ms", "200", "batch.size", "100000"))) {
            var sound = producer.send(new ProducerRecord<>("orders", 0, "k", "sound"));
            var hit = producer.send(new ProducerRecord<>("orders", 1, "k", "hit"));

            assertThat(sound.get().offset()).isZero();
            assertThatThrownBy(hit::get).isInstanceOf(ExecutionException.class);
        }

        assertThat(values("orders")).containsExactly("sound");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"dropAnswer":true}
            {"disconnect":true}
            """)
    void whereAnAnswerIsLostAnIdempotentProducerWritesNothingTwice(String effect) throws Exception {
        broker.createTopic("orders", 1);
        set("""
                {"api":"Produce","topic":"orders","fault":%s,"after":true,"everyNth":2,"count":2}""".formatted(effect));

        send(Map.of("request.timeout.ms", "1000", "delivery.timeout.ms", "60000"), 6);

        assertThat(rest.get(FAULTS + "/1").get("done").intValue()).isEqualTo(2);
        assertThat(values("orders")).containsExactly("0", "1", "2", "3", "4", "5");
    }

    @Test
    void withoutIdempotenceALostAnswerMakesADuplicate() throws Exception {
        broker.createTopic("orders", 1);
        set("""
                {"api":"Produce","topic":"orders","fault":{"error":"NOT_LEADER_OR_FOLLOWER"},"after":true,"count":1}""");

        send(Map.of("enable.idempotence", "false", "acks", "1"), 1);

        assertThat(values("orders")).containsExactly("0", "0");
    }

    @Test
    void whatIsDisconnectedBeforeItIsDoneIsNotDone() throws Exception {
        broker.createTopic("orders", 1);
        set("""
                {"api":"Produce","topic":"orders","fault":{"disconnect":true},"after":false}""");

        try (var producer = producer(Map.of("retries", "0", "enable.idempotence", "false"))) {
            var hit = producer.send(new ProducerRecord<>("orders", "lost"));

            assertThatThrownBy(hit::get).isInstanceOf(ExecutionException.class);
        }

        assertThat(values("orders")).isEmpty();
        assertThat(rest.get("/api/v1/errors?reason=FAULT_INJECTED&closed=broker")
                        .get("items"))
                .hasSize(1);
    }

    @Test
    void aConsumerGoesOnBehindFailedFetches() throws Exception {
        broker.createTopic("orders", 1);
        send(Map.of(), 3);
        set("""
                {"api":"Fetch","topic":"orders","fault":{"error":"KAFKA_STORAGE_ERROR"},"count":2}""");

        assertThat(values("orders")).containsExactly("0", "1", "2");
        assertThat(rest.get(FAULTS + "/1").get("done").intValue()).isEqualTo(2);
    }

    @Test
    void anAnswerIsDelayedAndThoseBehindItKeepTheirOrder() throws Exception {
        set("""
                {"api":"ListOffsets","client":"wire","fault":{"delayMs":700},"count":1}""");
        broker.createTopic("orders", 1);

        try (var client = new WireClient(broker.port())) {
            long start = System.nanoTime();
            client.send(ApiKeys.LIST_OFFSETS, (short) 1, 1, listOffsets());
            client.send(ApiKeys.API_VERSIONS, (short) 0, 2, new ApiVersionsRequestData());
            client.receive(ApiKeys.LIST_OFFSETS, (short) 1, 1);
            client.receive(ApiKeys.API_VERSIONS, (short) 0, 2);

            assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(700));
        }
        assertThat(rest.get("/api/v1/errors?error=ANSWER_DELAYED").get("items")).hasSize(1);
    }

    @Test
    void aDroppedAnswerLeavesWithTheFault() throws Exception {
        set("""
                {"api":"ListOffsets","fault":{"dropAnswer":true}}""");

        try (var client = new WireClient(broker.port())) {
            client.send(ApiKeys.LIST_OFFSETS, (short) 1, 1, listOffsets());
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> rest.get(FAULTS + "/1").get("done").intValue() == 1);
            assertThat(client.hasReceived()).isFalse();

            rest.ask(200, "DELETE", FAULTS + "/1", "");

            assertThat(client.isClosedByBroker()).isTrue();
        }
        rest.get(404, FAULTS + "/1");
    }

    @Test
    void theSameSeedHitsTheSameRequests() throws Exception {
        broker.createTopic("orders", 1);

        var first = hits(7);
        var again = hits(7);
        var other = hits(8);

        assertThat(first).isEqualTo(again).contains(true, false).isNotEqualTo(other);
    }

    @Test
    void aFaultEndsWhenItsTimeIsUp() {
        set("""
                {"fault":{"disconnect":true},"client":"nobody","forMs":1}""");

        await().atMost(Duration.ofSeconds(30))
                .until(() -> rest.get(FAULTS + "/1").get("over").booleanValue());
        assertThat(rest.ask(200, "DELETE", FAULTS, "").get("removed").intValue())
                .isEqualTo(1);
        assertThat(rest.get(FAULTS).get("items")).isEmpty();
    }

    @Test
    void aResetRemovesFaults() {
        set("""
                {"fault":{"disconnect":true},"client":"nobody"}""");
        assertThat(rest.get("/api/v1/lint").toString()).contains("FAULTS_ACTIVE");

        rest.ask(200, "POST", "/api/v1/test/reset", "");

        assertThat(rest.get(FAULTS).get("items")).isEmpty();
        assertThat(rest.get("/api/v1/lint").toString()).doesNotContain("FAULTS_ACTIVE");
    }

    @Test
    void thereMayBeOnlySoMany() {
        for (int i = 0; i < 100; i++) {
            set("""
                    {"fault":{"disconnect":true},"client":"nobody"}""");
        }

        rest.ask(409, "POST", FAULTS, """
                {"fault":{"disconnect":true},"client":"nobody"}""");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {}                                                                          | fault
            {"fault":{}}                                                                | fault
            {"fault":{"error":"NO_SUCH"}}                                               | fault.error
            {"fault":{"error":"NONE"}}                                                  | fault.error
            {"fault":{"delayMs":0}}                                                     | fault
            {"fault":{"delayMs":1e999}}                                                 | fault.delayMs
            {"fault":{"delayMs":5},"after":false}                                       | after
            {"fault":{"disconnect":false}}                                              | fault
            {"fault":{"disconnect":true,"dropAnswer":true}}                             | fault
            {"fault":{"disconnect":true},"api":"Produktion"}                            | api
            {"fault":{"disconnect":true},"api":"Heartbeat","topic":"orders"}            | topic
            {"fault":{"disconnect":true},"topic":"orders"}                              | topic
            {"fault":{"disconnect":true},"api":"Produce","topic":"../x"}                | topic
            {"fault":{"disconnect":true},"api":"Produce","partition":0}                 | partition
            {"fault":{"disconnect":true},"api":"Fetch","topic":"a","partition":-1}      | partition
            {"fault":{"disconnect":true},"everyNth":0}                                  | everyNth
            {"fault":{"disconnect":true},"everyNth":2,"probability":0.5}                | probability
            {"fault":{"disconnect":true},"probability":1.5}                             | probability
            {"fault":{"disconnect":true},"probability":"often"}                         | probability
            {"fault":{"disconnect":true},"count":-1}                                    | count
            {"fault":{"disconnect":true},"forMs":0}                                     | forMs
            {"fault":{"disconnect":true},"seed":1.5}                                    | seed
            {"fault":{"disconnect":true},"client":""}                                   | client
            {"fault":{"disconnect":true},"colour":"red"}                                | colour
            """)
    void whatMakesNoSenseIsRefused(String body, String field) {
        var problem = rest.ask(400, "POST", FAULTS, body);

        assertThat(problem.get("violations").findValuesAsString("parameter")).contains(field);
        assertThat(rest.get(FAULTS).get("items")).isEmpty();
    }

    @Test
    void whereTestControlsAreOffThereAreNone(@TempDir Path other) {
        try (var plain = RunningBroker.in(other);
                var web = new Rest(plain)) {
            web.get(404, FAULTS);
            web.get(404, FAULTS + "/1");
            var problem = web.ask(404, "POST", FAULTS, "{\"fault\":{\"disconnect\":true}}");

            assertThat(problem.get("detail").stringValue()).contains("vitrine.test-controls=true");
        }
    }

    private JsonNode set(String fault) {
        return rest.ask(201, "POST", FAULTS, fault);
    }

    /// Which of 20 requests are hit, half of which should be.
    private List<Boolean> hits(int seed) throws Exception {
        var id = set("""
                {"api":"ListOffsets","topic":"orders","fault":{"error":"NOT_LEADER_OR_FOLLOWER"},"probability":0.5,"seed":%d}""".formatted(seed)).get("id");
        var hits = new ArrayList<Boolean>();
        try (var client = new WireClient(broker.port())) {
            for (int i = 0; i < 20; i++) {
                var answer = (ListOffsetsResponseData) client.call(ApiKeys.LIST_OFFSETS, 1, listOffsets());
                hits.add(answer.topics().getFirst().partitions().getFirst().errorCode() != 0);
            }
        }
        rest.ask(200, "DELETE", FAULTS + "/" + id, "");
        return hits;
    }

    private static ListOffsetsRequestData listOffsets() {
        var partition = new ListOffsetsPartition().setPartitionIndex(0).setTimestamp(-1);
        return new ListOffsetsRequestData()
                .setTopics(List.of(new ListOffsetsTopic().setName("orders").setPartitions(List.of(partition))));
    }

    private void send(Map<String, String> more, int records) throws Exception {
        try (var producer = producer(more)) {
            for (int i = 0; i < records; i++) {
                producer.send(new ProducerRecord<>("orders", 0, "k", String.valueOf(i)))
                        .get();
            }
        }
    }

    private KafkaProducer<String, String> producer(Map<String, String> more) {
        var settings = new HashMap<String, Object>(
                Map.of("bootstrap.servers", broker.bootstrapServers(), "retry.backoff.ms", "20"));
        settings.putAll(more);
        return new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer());
    }

    /// What a consumer reads of the topic up to its end, as of now.
    private List<String> values(String topic) {
        var settings = Map.<String, Object>of(
                "bootstrap.servers",
                broker.bootstrapServers(),
                "auto.offset.reset",
                "earliest",
                "retry.backoff.ms",
                "20");
        try (var consumer = new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
            var partitions = consumer.partitionsFor(topic).stream()
                    .map(info -> new TopicPartition(topic, info.partition()))
                    .toList();
            consumer.assign(partitions);
            var ends = consumer.endOffsets(partitions);
            var values = new ArrayList<String>();
            long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
            while (System.nanoTime() < deadline
                    && partitions.stream().anyMatch(one -> consumer.position(one) < ends.getOrDefault(one, 0L))) {
                consumer.poll(Duration.ofMillis(100)).forEach(record -> values.add(record.value()));
            }
            return values;
        }
    }
}
