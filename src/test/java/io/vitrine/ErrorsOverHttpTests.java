package io.vitrine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceDataCollection;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Why a request was refused and why a connection has ended, as it can be looked up.
class ErrorsOverHttpTests {
    @TempDir
    Path directory;

    @SuppressWarnings("NullAway.Init")
    private RunningBroker broker;

    @SuppressWarnings("NullAway.Init")
    private Rest rest;

    @BeforeEach
    void start() {
        broker = RunningBroker.in(directory);
        broker.createTopic("orders", 1);
        rest = new Rest(broker);
    }

    @AfterEach
    void stop() {
        rest.close();
        broker.close();
    }

    @Test
    void aDamagedBatchIsShownWithWhatWasExpectedAndFound() throws Exception {
        try (var client = new WireClient(broker.port())) {
            client.call(ApiKeys.PRODUCE, 9, produce(damagedBatch()));
        }

        var error = only("/api/v1/errors?topic=orders&api=produce&client=wire");

        assertThat(error.get("error").stringValue()).isEqualTo("CORRUPT_MESSAGE");
        assertThat(error.get("reason").stringValue()).isEqualTo("CRC");
        assertThat(error.get("subjectKind").stringValue()).isEqualTo("PARTITION");
        var evidence = error.get("evidence");
        assertThat(evidence.get("expected").stringValue())
                .isNotEqualTo(evidence.get("found").stringValue());
        assertThat(evidence.get("logEndOffset").longValue()).isZero();
        assertThat(error.get("explanation").stringValue()).contains("checksum");
        assertThat(error.get("whatToDo").stringValue()).contains("CRC-32C");
        rest.get(error.get("links").get("partition").stringValue());
        rest.get(error.get("links").get("topic").stringValue());
    }

    @Test
    void anOffsetOutOfRangeIsShownWithTheRange() throws Exception {
        try (var client = new WireClient(broker.port())) {
            client.send(ApiKeys.FETCH, (short) 12, 4711, fetch(77));
            client.receive(ApiKeys.FETCH, (short) 12, 4711);
        }

        var error = only("/api/v1/errors?correlationId=4711&error=OFFSET_OUT_OF_RANGE");

        assertThat(error.get("evidence").get("offset").longValue()).isEqualTo(77);
        assertThat(error.get("evidence").get("highWatermark").longValue()).isZero();
        assertThat(rest.get("/api/v1/errors?correlationId=4712").get("items")).isEmpty();
    }

    @Test
    void aTopicThatARequestNamesByItsIdIsFoundByItsName() throws Exception {
        var id = broker.broker()
                .metadata()
                .image()
                .findTopic("orders")
                .orElseThrow()
                .id();
        try (var client = new WireClient(broker.port())) {
            var asked = produce(damagedBatch());
            var topic =
                    asked.topicData().iterator().next().duplicate().setName("").setTopicId(id);
            topic.partitionData().getFirst().setIndex(9);
            asked.setTopicData(new TopicProduceDataCollection(List.of(topic).iterator()));
            client.call(ApiKeys.PRODUCE, 13, asked);
        }

        var error = only("/api/v1/errors?topic=orders");

        assertThat(error.get("error").stringValue()).isEqualTo("UNKNOWN_TOPIC_OR_PARTITION");
        assertThat(error.get("subject").stringValue()).isEqualTo(id + "-9");
        assertThat(error.get("links").get("topic").stringValue()).isEqualTo("/api/v1/topics/orders");
    }

    @Test
    void whatAGroupsMemberIsRefusedLeadsToTheGroup() throws Exception {
        try (var client = new WireClient(broker.port())) {
            // With this the coordinator starts, and loads.
            client.call(ApiKeys.FIND_COORDINATOR, 3, new FindCoordinatorRequestData().setKey("g/1"));
            await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
                client.call(
                        ApiKeys.HEARTBEAT,
                        4,
                        new HeartbeatRequestData().setGroupId("g/1").setMemberId("m"));

                var error = only("/api/v1/errors?error=UNKNOWN_MEMBER_ID&subject=g/1");

                assertThat(error.get("links").get("timeline").stringValue()).isEqualTo("/api/v1/groups/g%2F1/timeline");
                assertThat(error.get("expected").booleanValue()).isFalse();
            });
        }
    }

    @Test
    void whoSpeaksAnotherProtocolIsToldFromItsFirstBytes() throws Exception {
        say("GET /api/v1/topics HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        say(HexFormat.of().parseHex("16030100c8010000c4030300"));
        say("hello\r\n".getBytes(StandardCharsets.US_ASCII));

        var ends = rest.get("/api/v1/errors?closed=broker").get("items");

        assertThat(ends.findValuesAsString("reason")).containsExactly("BAD_FRAME", "TLS_HANDSHAKE", "HTTP_REQUEST");
        assertThat(ends.findValuesAsString("firstBytes"))
                .containsExactly(
                        "68656c6c6f0d0a",
                        "16030100c8010000c4030300",
                        HexFormat.of()
                                .formatHex("GET /api/v1/topics HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII)));
        assertThat(ends.findValuesAsString("detail").get(1)).contains("this listener is plaintext");
        assertThat(ends.findValuesAsString("detail").get(2)).contains("this is an HTTP request");
    }

    @Test
    void connectionsThatClientsCloseAreShownToWhoAsksForThem() throws Exception {
        try (var client = new WireClient(broker.port())) {
            client.call(ApiKeys.FETCH, 12, fetch(77));
        }

        await().atMost(Duration.ofSeconds(30))
                .until(() ->
                        !rest.get("/api/v1/errors?closed=client").get("items").isEmpty());
        var end = only("/api/v1/errors?closed=client");
        assertThat(end.get("reason").stringValue()).isEqualTo("CLIENT_CLOSED");
        assertThat(end.get("evidence").get("requests").intValue()).isEqualTo(1);
        assertThat(end.get("evidence").get("lastApi").stringValue()).isEqualTo("Fetch");
        assertThat(rest.get("/api/v1/errors").get("items").findValuesAsString("error"))
                .containsExactly("OFFSET_OUT_OF_RANGE");
        assertThat(rest.get("/api/v1/refusals").get("items"))
                .isEqualTo(rest.get("/api/v1/errors").get("items"));
    }

    @Test
    void aVersionThatIsNotServedIsFoundByItsApi() throws Exception {
        // Fetch in version 3, with the correlation id 12.
        say(HexFormat.of().parseHex("0000000a" + "0001" + "0003" + "0000000c" + "ffff"));

        var end = only("/api/v1/errors?api=Fetch&correlationId=12");

        assertThat(end.get("reason").stringValue()).isEqualTo("UNSUPPORTED_VERSION");
        assertThat(end.get("version").intValue()).isEqualTo(3);
        assertThat(end.get("evidence").get("firstBytes").stringValue()).isEqualTo("000100030000000cffff");
        assertThat(end.get("links").get("requests").stringValue()).contains("?connection=");
    }

    @Test
    void oneConnectionTooManyIsKept() throws Exception {
        broker.broker().listener().useMaxConnections(0);

        say(new byte[0]);

        assertThat(only("/api/v1/errors?closed=broker").get("reason").stringValue())
                .isEqualTo("TOO_MANY_CONNECTIONS");
    }

    @Test
    void aLongListIsReadInPages() throws Exception {
        try (var client = new WireClient(broker.port())) {
            for (int partition = 0; partition < 5; partition++) {
                var missing = fetch(0);
                missing.topics().getFirst().partitions().getFirst().setPartition(10 + partition);
                client.call(ApiKeys.FETCH, 12, missing);
            }
        }

        var first = rest.get("/api/v1/errors?limit=2&topic=orders");
        var second = rest.get(first.get("next").stringValue());

        assertThat(first.findValuesAsString("subject")).containsExactly("orders-14", "orders-13");
        assertThat(second.findValuesAsString("subject")).containsExactly("orders-12", "orders-11");
        assertThat(rest.get(second.get("next").stringValue()).findValuesAsString("subject"))
                .containsExactly("orders-10");
    }

    @Test
    void aFilterThatMeansNothingIsRefused() {
        var problem = rest.get(400, "/api/v1/errors?closed=maybe&colour=red&correlationId=x");

        assertThat(problem.get("violations").findValuesAsString("parameter"))
                .containsExactlyInAnyOrder("closed", "colour", "correlationId");
    }

    private void say(byte[] bytes) throws IOException {
        try (var client = new WireClient(broker.port())) {
            client.sendRaw(bytes);
            assertThat(client.isClosedByBroker()).isTrue();
        }
    }

    private JsonNode only(String path) {
        var items = rest.get(path).get("items");
        assertThat(items).as(items.toString()).hasSize(1);
        return items.get(0);
    }

    private static MemoryRecords damagedBatch() {
        var records = MemoryRecords.withRecords(
                Compression.NONE, new SimpleRecord("damaged".getBytes(StandardCharsets.UTF_8)));
        int last = records.sizeInBytes() - 2;
        records.buffer().put(last, (byte) (records.buffer().get(last) ^ 1));
        return records;
    }

    private static ProduceRequestData produce(MemoryRecords records) {
        var partition = new PartitionProduceData().setIndex(0).setRecords(records);
        var topic = new TopicProduceData().setName("orders").setPartitionData(List.of(partition));
        return new ProduceRequestData()
                .setAcks((short) 1)
                .setTimeoutMs(1000)
                .setTopicData(new TopicProduceDataCollection(List.of(topic).iterator()));
    }

    private static FetchRequestData fetch(long offset) {
        var partition =
                new FetchPartition().setPartition(0).setFetchOffset(offset).setPartitionMaxBytes(1000);
        return new FetchRequestData()
                .setMaxWaitMs(10)
                .setMaxBytes(1000)
                .setTopics(List.of(new FetchTopic().setTopic("orders").setPartitions(List.of(partition))));
    }
}
