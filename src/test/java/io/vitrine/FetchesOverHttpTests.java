package io.vitrine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vitrine.metadata.TopicPartition;
import io.vitrine.partition.Durability;
import io.vitrine.partition.Partition;
import io.vitrine.record.Batches;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What can be seen of fetches that wait and of sessions, with bare clients and with Kafka's own consumer.
class FetchesOverHttpTests {
    private static final int PARTITIONS = 300;

    @TempDir
    private static Path directory;

    private static RunningBroker broker;
    private static ConfigurableApplicationContext web;
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @BeforeAll
    static void start() {
        broker = RunningBroker.in(directory);
        broker.createTopic("orders", 2);
        broker.createTopic("wide", PARTITIONS);
        web = WebSide.start(broker.broker());
    }

    @AfterAll
    static void stop() {
        web.close();
        broker.close();
        HTTP.close();
    }

    @Test
    void whoWaitsIsShownWithWhatItWaitsFor() throws Exception {
        int size = Batches.of("v").remaining();
        try (var first = new WireClient(broker.port());
                var second = new WireClient(broker.port())) {
            first.send(ApiKeys.FETCH, (short) 12, 1, fetch(2 * size));
            patiently().until(() -> get("/purgatory").get("waiting").asInt(), count -> count == 1);
            second.send(ApiKeys.FETCH, (short) 12, 1, fetch(3 * size));
            patiently().until(() -> get("/purgatory").get("waiting").asInt(), count -> count == 2);
            partition("orders", 1)
                    .append(Batches.of("v"), Durability.PAGE_CACHE, true)
                    .get();

            var page = get("/purgatory?limit=1");
            var item = page.get("items").get(0);
            assertThat(item.get("api").asString()).isEqualTo("Fetch");
            assertThat(item.get("clientId").asString()).isEqualTo("wire");
            assertThat(item.get("minBytes").asInt()).isEqualTo(2 * size);
            assertThat(item.get("partitions").get(1).asString()).isEqualTo("orders-1");
            assertThat(item.has("sessionId")).isFalse();
            patiently()
                    .untilAsserted(() -> assertThat(get("/purgatory").get("items"))
                            .allMatch(waiting -> waiting.get("bytes").asInt() == size));

            var next = get(page.get("next").asString().replace("/api/v1", ""));
            assertThat(next.get("items").get(0).get("minBytes").asInt()).isEqualTo(3 * size);
            assertThat(next.has("next")).isFalse();
        }
        patiently().until(() -> get("/purgatory").get("waiting").asInt(), count -> count == 0);
    }

    @Test
    void appendsThatWaitForTheDiskAreShown() throws Exception {
        var partition = partition("wide", 7);
        var stop = new AtomicBoolean();
        var writer = Thread.ofVirtual().start(() -> {
            while (!stop.get()) {
                partition.append(Batches.of("v"), Durability.DISK, true);
                LockSupport.parkNanos(100_000);
            }
        });
        try {
            var seen = patiently()
                    .until(
                            () -> get("/purgatory"),
                            page -> page.get("waitingForDisk").asInt() > 0);

            var item = seen.get("appends").get(0);
            assertThat(item.get("topic").asString()).isEqualTo("wide");
            assertThat(item.get("partition").asInt()).isEqualTo(7);
            assertThat(item.get("appends").asInt())
                    .isEqualTo(seen.get("waitingForDisk").asInt());
            assertThat(item.get("nextOffset").asLong()).isPositive();
        } finally {
            stop.set(true);
            writer.join();
        }
        patiently().until(() -> get("/purgatory").get("appends").isEmpty());
    }

    /// It names its partitions once; when nothing happens to them, its fetches are answered without one.
    @Test
    void anIdleConsumerOfKafkasUsesASessionAndHasNothingLookedAt() throws Exception {
        try (var consumer = new KafkaConsumer<>(
                Map.<String, Object>of("bootstrap.servers", broker.bootstrapServers(), "fetch.max.wait.ms", "20"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            var all = IntStream.range(0, PARTITIONS)
                    .mapToObj(index -> new org.apache.kafka.common.TopicPartition("wide", index))
                    .toList();
            consumer.assign(all);
            consumer.seekToBeginning(all);
            patiently().until(() -> {
                consumer.poll(Duration.ofMillis(10));
                var sessions = get("/fetch-sessions").get("items");
                return sessions.size() == 1
                        && sessions.get(0).get("partitionCount").asInt() == PARTITIONS
                        && sessions.get(0).get("activePartitions").asInt() == 0
                        && sessions.get(0).get("epoch").asInt() > 2;
            });
            var counters = broker.broker().fetches();
            long looked = counters.partitions();
            long passes = counters.passes();
            int id = get("/fetch-sessions").get("items").get(0).get("id").asInt();

            patiently().until(() -> consumer.poll(Duration.ofMillis(10)).isEmpty() && counters.passes() > passes + 20);

            assertThat(counters.partitions()).as("partitions looked at").isEqualTo(looked);
            assertThat(get("/fetch-sessions").get("items").get(0).get("id").asInt())
                    .isEqualTo(id);
            partition("wide", 77)
                    .append(Batches.of("v"), Durability.PAGE_CACHE, true)
                    .get();
            patiently().until(() -> consumer.poll(Duration.ofMillis(10)).count() == 1);
            assertThat(meter("kafka.server.bytes.out", "topic:wide")).isPositive();
            assertThat(meter("kafka.server.fetch.sessions", "")).isEqualTo(1);
        }
        patiently()
                .until(
                        () -> get("/fetch-sessions")
                                .get("totals")
                                .get("sessions")
                                .asInt(),
                        count -> count == 0);
        assertThat(meter("kafka.server.fetch.waits", "")).isPositive();
    }

    @Test
    void aPageThatMakesNoSenseIsRefused() throws Exception {
        assertThat(status("/purgatory?limit=0")).isEqualTo(400);
        assertThat(status("/purgatory?from=-1")).isEqualTo(400);
        assertThat(status("/fetch-sessions?from=99999999999")).isEqualTo(400);
        assertThat(status("/fetch-sessions?of=me")).isEqualTo(400);
    }

    private static ConditionFactory patiently() {
        return await().atMost(Duration.ofMinutes(1));
    }

    private static FetchRequestData fetch(int minBytes) {
        return new FetchRequestData()
                .setMaxWaitMs(3_600_000)
                .setMinBytes(minBytes)
                .setTopics(List.of(new FetchTopic()
                        .setTopic("orders")
                        .setPartitions(IntStream.range(0, 2)
                                .mapToObj(index ->
                                        new FetchPartition().setPartition(index).setPartitionMaxBytes(1_000_000))
                                .toList())));
    }

    private static Partition partition(String topic, int index) {
        return broker.broker()
                .partitions()
                .find(new TopicPartition(topic, index))
                .orElseThrow();
    }

    private static double meter(String name, String tag) throws Exception {
        var path = "/actuator/metrics/" + name + (tag.isEmpty() ? "" : "?tag=" + tag);
        return json(path).get("measurements").get(0).get("value").asDouble();
    }

    private static JsonNode get(String path) throws Exception {
        return json("/api/v1" + path);
    }

    private static JsonNode json(String path) throws Exception {
        return new JsonMapper()
                .readTree(HTTP.send(request(path), BodyHandlers.ofString()).body());
    }

    private static int status(String path) throws Exception {
        return HTTP.send(request("/api/v1" + path), BodyHandlers.discarding()).statusCode();
    }

    private static HttpRequest request(String path) {
        var port = web.getEnvironment().getProperty("local.server.port");
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .build();
    }
}
