package io.vitrine;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Records over HTTP and through Kafka's Java clients: each reads what the other wrote.
@TestInstance(Lifecycle.PER_CLASS)
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class RecordsOverHttpWithClientsTests {
    private static final JsonMapper MAPPER = new JsonMapper();
    private static final int MEGABYTE = 1024 * 1024;

    @TempDir
    static Path directory;

    private final HttpClient client = HttpClient.newHttpClient();
    private RunningBroker broker;
    private ConfigurableApplicationContext web;

    @BeforeAll
    void start() {
        broker = RunningBroker.in(directory);
        web = WebSide.start(broker.broker());
    }

    @AfterAll
    void stop() {
        web.close();
        broker.close();
    }

    @Test
    void whatAProducerWroteIsPagedThroughExactlyOnce() throws Exception {
        broker.createTopic("produced", 3);
        try (var producer = producer("lz4")) {
            for (int i = 0; i < 200; i++) {
                producer.send(new ProducerRecord<>("produced", "key-" + i, "value-" + i));
            }
        }

        var keys = new ArrayList<String>();
        var next = "/api/v1/topics/produced/records?limit=7";
        while (next != null) {
            var page = get(next);
            page.get("items").forEach(item -> {
                keys.add(item.get("key").get("data").stringValue());
                assertThat(item.get("value").get("data").stringValue())
                        .isEqualTo(keys.getLast().replace("key", "value"));
            });
            next = page.has("next") ? page.get("next").stringValue() : null;
        }

        assertThat(keys)
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.range(0, 200).mapToObj(i -> "key-" + i).toList());
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "gzip", "snappy", "lz4", "zstd"})
    void whatWasPostedIsConsumed(String codec) throws Exception {
        var topic = "posted-" + codec;
        broker.createTopic(topic, 1);
        var answer = post(topic, "?codec=" + codec, """
                [{"key":"k","value":"text","headers":[{"key":"h","value":"1"},{"key":"h","value":null}],"timestamp":1726045943832},
                 {"key":"k","value":null},
                 {"value":{"a":[1,2.50]}},
                 {"key":"AAH/","keyFormat":"base64","value":""}]""");

        var records = consume(topic, 1, 1, 4);

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        assertThat(records)
                .extracting(record -> text(record.value()))
                .containsExactly("text", null, "{\"a\":[1,2.50]}", "");
        assertThat(records.getFirst().timestamp()).isEqualTo(1726045943832L);
        assertThat(records.getFirst().headers().toArray())
                .extracting(header -> header.key() + "=" + text(header.value()))
                .containsExactly("h=1", "h=null");
        assertThat(records.get(2).key()).isNull();
        assertThat(records.get(3).key()).isEqualTo(new byte[] {0, 1, -1});
    }

    @Test
    void aKeyGoesWhereKafkasProducerSendsIt() throws Exception {
        broker.createTopic("keyed", 7);
        var body = new StringBuilder();
        var expected = new HashMap<String, Integer>();
        try (var producer = producer("none")) {
            for (int i = 0; i < 100; i++) {
                var key = "key-%d-ä".formatted(i);
                expected.put(
                        key,
                        producer.send(new ProducerRecord<>("keyed", key, "v"))
                                .get()
                                .partition());
                body.append("{\"key\":\"%s\",\"value\":%d}\n".formatted(key, i));
            }
        }

        var answer = send("keyed", "?acks=1", "application/x-ndjson", body.toString());

        var items = MAPPER.readTree(answer.body()).get("items");
        assertThat(items.size()).isEqualTo(100);
        for (int i = 0; i < 100; i++) {
            assertThat(items.get(i).get("partition").intValue()).isEqualTo(expected.get("key-%d-ä".formatted(i)));
        }
        assertThat(consume("keyed", 7, 1, 200)).hasSize(200);
    }

    @Test
    void recordsOfAMegabyteGoThroughBothWays() throws Exception {
        broker.createTopic("large", 1, Map.of("max.message.bytes", String.valueOf(2 * MEGABYTE)));
        var value = "v".repeat(MEGABYTE);

        var answer = post("large", "", "{\"value\":\"%s\"}".formatted(value));

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        assertThat(consume("large", 1, 1, 1))
                .allSatisfy(record -> assertThat(record.value()).hasSize(MEGABYTE));
        var shown = get("/api/v1/topics/large/records?maxValueBytes=2000000")
                .get("items")
                .get(0)
                .get("value");
        assertThat(shown.get("data").stringValue()).isEqualTo(value);
    }

    @Test
    void aStreamShowsWhatIsProducedMeanwhile() throws Exception {
        broker.createTopic("streamed", 2);
        var request = HttpRequest.newBuilder(uri("/api/v1/topics/streamed/records/stream?heartbeatMs=100"))
                .build();
        var answer = client.send(request, BodyHandlers.ofLines());
        assertThat(answer.headers().firstValue("Content-Type").orElseThrow()).startsWith("text/event-stream");
        try (var producer = producer("zstd");
                var lines = answer.body()) {
            for (int i = 0; i < 20; i++) {
                producer.send(new ProducerRecord<>("streamed", i % 2, "key", "value-" + i))
                        .get();
            }

            var values = lines.filter(line -> line.startsWith("data: {\"partition\""))
                    .limit(20)
                    .map(line -> MAPPER.readTree(line.substring(6))
                            .get("value")
                            .get("data")
                            .stringValue())
                    .toList();
            assertThat(values)
                    .containsExactlyInAnyOrderElementsOf(
                            IntStream.range(0, 20).mapToObj(i -> "value-" + i).toList());
        }
    }

    private KafkaProducer<String, String> producer(String codec) {
        return new KafkaProducer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers(), "compression.type", codec),
                new StringSerializer(),
                new StringSerializer());
    }

    private List<ConsumerRecord<byte[], byte[]>> consume(String topic, int partitions, long seconds, int count) {
        var records = new ArrayList<ConsumerRecord<byte[], byte[]>>();
        try (var consumer = new KafkaConsumer<>(
                Map.<String, Object>of("bootstrap.servers", broker.bootstrapServers()),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            var assigned = IntStream.range(0, partitions)
                    .mapToObj(index -> new TopicPartition(topic, index))
                    .toList();
            consumer.assign(assigned);
            consumer.seekToBeginning(assigned);
            while (records.size() < count) {
                consumer.poll(Duration.ofSeconds(seconds)).forEach(records::add);
            }
        }
        return records;
    }

    private JsonNode get(String path) throws Exception {
        var answer = client.send(HttpRequest.newBuilder(uri(path)).build(), BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return MAPPER.readTree(answer.body());
    }

    private HttpResponse<String> post(String topic, String query, String body) throws Exception {
        return send(topic, query, "application/json", body);
    }

    private HttpResponse<String> send(String topic, String query, String type, String body) throws Exception {
        var request = HttpRequest.newBuilder(uri("/api/v1/topics/" + topic + "/records" + query))
                .header("Content-Type", type)
                .header("Accept", "application/json")
                .POST(BodyPublishers.ofString(body))
                .build();
        return client.send(request, BodyHandlers.ofString());
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + web.getEnvironment().getProperty("local.server.port") + path);
    }

    private static @Nullable String text(byte @Nullable [] bytes) {
        return bytes == null ? null : new String(bytes, StandardCharsets.UTF_8);
    }
}
