package io.vitrine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.serialization.StringSerializer;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// What is shown of open connections, with Kafka's own client and with bare ones, and what becomes of one that is
/// closed from here.
class ConnectionsOverHttpTests {
    @TempDir
    private static Path directory;

    private static RunningBroker broker;
    private static Rest rest;

    @BeforeAll
    static void start() {
        broker = RunningBroker.in(directory);
        broker.createTopic("orders", 1);
        broker.createTopic("empty", 1);
        rest = new Rest(broker);
    }

    @AfterAll
    static void stop() {
        rest.close();
        broker.close();
    }

    @Test
    void aJavaProducerIsShownWithItsSoftwareAndWhatItDoes() throws Exception {
        try (var producer = new KafkaProducer<>(
                Map.<String, Object>of(
                        "bootstrap.servers",
                        broker.bootstrapServers(),
                        "client.id",
                        "billing",
                        "transactional.id",
                        "billing-1"),
                new StringSerializer(),
                new StringSerializer())) {
            producer.initTransactions();
            producer.beginTransaction();
            producer.send(new ProducerRecord<>("orders", "k", "v")).get();
            producer.commitTransaction();

            var connections = ofClient("billing");

            assertThat(connections).isNotEmpty().allSatisfy(connection -> {
                assertThat(connection.at("/software/name").asString()).isEqualTo("apache-kafka-java");
                assertThat(connection.at("/software/version").asString()).matches("\\d+\\.\\d+\\.\\d+.*");
                assertThat(connection.get("principal").asString()).isEqualTo("User:ANONYMOUS");
                assertThat(connection.get("listener").asString()).isEqualTo("PLAINTEXT");
                assertThat(connection.get("requests").asLong()).isPositive();
                assertThat(connection.get("bytesIn").asLong()).isPositive();
                assertThat(connection.get("bytesOut").asLong()).isPositive();
                assertThat(connection.has("lastRequestIso")).isTrue();
                assertThat(connection.has("paused")).isFalse();
            });
            assertThat(connections)
                    .anyMatch(connection ->
                            connection.path("transactionalId").asString("").equals("billing-1"));
        }
    }

    @Test
    void connectionsAreCountedByTheSoftwareOfTheirClients() throws Exception {
        try (var named = new WireClient(broker.port());
                var silent = new WireClient(broker.port())) {
            named.call(
                    ApiKeys.API_VERSIONS,
                    3,
                    new ApiVersionsRequestData()
                            .setClientSoftwareName("a-test-of-ours")
                            .setClientSoftwareVersion("1.0"));
            silent.call(ApiKeys.API_VERSIONS, 0, new ApiVersionsRequestData());

            patiently().untilAsserted(() -> {
                assertThat(rest.meter("kafka.server.connections")).isGreaterThanOrEqualTo(2);
                assertThat(rest.meter("kafka.server.connections.software", "software", "a-test-of-ours"))
                        .isOne();
                assertThat(rest.meter("kafka.server.connections.software", "software", "unknown"))
                        .isPositive();
            });
        }
    }

    @Test
    void manyKindsOfSoftwareShareOneTag() throws Exception {
        var clients = new ArrayList<WireClient>();
        try {
            for (int i = 0; i < 30; i++) {
                var client = new WireClient(broker.port());
                clients.add(client);
                client.call(
                        ApiKeys.API_VERSIONS,
                        3,
                        new ApiVersionsRequestData()
                                .setClientSoftwareName("kind-" + i)
                                .setClientSoftwareVersion("1.0"));
            }

            // The tags of the last look are kept for a second.
            patiently().ignoreExceptions().untilAsserted(() -> {
                assertThat(rest.meter("kafka.server.connections")).isGreaterThanOrEqualTo(30);
                assertThat(rest.meter("kafka.server.connections.software", "software", "other"))
                        .isGreaterThanOrEqualTo(10);
            });
        } finally {
            for (var client : clients) {
                client.close();
            }
        }
    }

    @Test
    void aWaitingFetchIsInFlight() throws Exception {
        try (var client = new WireClient(broker.port())) {
            client.send(ApiKeys.FETCH, (short) 12, 1, fetchOfTheEnd());

            patiently().untilAsserted(() -> {
                var waiting = ofClient("wire").stream()
                        .filter(connection -> connection.get("waitingFetches").asInt() == 1)
                        .toList();
                assertThat(waiting).singleElement().satisfies(connection -> {
                    assertThat(connection.get("inFlight").asInt()).isOne();
                    assertThat(rest.get(connection.at("/links/self").asString())
                                    .get("id")
                                    .asLong())
                            .isEqualTo(connection.get("id").asLong());
                });
            });
        }
    }

    @Test
    void aHeartbeatShowsTheGroup() throws Exception {
        try (var client = new WireClient(broker.port())) {
            client.call(
                    ApiKeys.HEARTBEAT,
                    3,
                    new HeartbeatRequestData().setGroupId("nobody/here").setMemberId("m"));

            assertThat(ofClient("wire"))
                    .filteredOn(
                            connection -> connection.path("group").asString("").equals("nobody/here"))
                    .singleElement()
                    .satisfies(connection ->
                            assertThat(connection.at("/links/group").asString()).endsWith("/groups/nobody%2Fhere"));
        }
    }

    @Test
    void pagesAreInTheOrderOfTheIds() throws Exception {
        var clients = new ArrayList<WireClient>();
        try {
            for (int i = 0; i < 5; i++) {
                var client = new WireClient(broker.port());
                clients.add(client);
                client.call(ApiKeys.API_VERSIONS, 0, new ApiVersionsRequestData());
            }

            var ids = new ArrayList<Long>();
            var path = "/api/v1/connections?limit=2";
            while (!path.isEmpty()) {
                var page = rest.get(path);
                assertThat(page.get("items").size()).isBetween(1, 2);
                page.get("items").forEach(item -> ids.add(item.get("id").asLong()));
                path = page.path("next").asString("");
            }

            assertThat(ids).isSorted().doesNotHaveDuplicates().hasSizeGreaterThanOrEqualTo(5);
        } finally {
            for (var client : clients) {
                client.close();
            }
        }
    }

    @Test
    void deletingAConnectionClosesItAndIsKeptAsAReason() throws Exception {
        try (var client = new WireClient(broker.port());
                var other = new WireClient(broker.port())) {
            client.call(ApiKeys.API_VERSIONS, 0, new ApiVersionsRequestData());
            other.call(ApiKeys.API_VERSIONS, 0, new ApiVersionsRequestData());
            long id = id(client);

            rest.ask(204, "DELETE", "/api/v1/connections/" + id, "");

            assertThat(client.isClosedByBroker()).isTrue();
            other.call(ApiKeys.API_VERSIONS, 0, new ApiVersionsRequestData());
            patiently().untilAsserted(() -> rest.get(404, "/api/v1/connections/" + id));
            assertThat(rest.get("/api/v1/refusals").get("items"))
                    .anyMatch(item -> item.get("detail").asString().contains("DELETE /api/v1/connections/" + id));
            rest.ask(404, "DELETE", "/api/v1/connections/" + id, "");
        }
    }

    @Test
    void aPageFromElsewhereClosesNothing() throws Exception {
        try (var client = new WireClient(broker.port())) {
            client.call(ApiKeys.API_VERSIONS, 0, new ApiVersionsRequestData());
            var path = "/api/v1/connections/" + id(client);

            var answer = rest.send("DELETE", path, "", Map.of("Origin", "http://evil.example"));

            assertThat(answer.statusCode()).isEqualTo(403);
            client.call(ApiKeys.API_VERSIONS, 0, new ApiVersionsRequestData());
        }
    }

    @Test
    void idsThatAreNoneAreRefused() {
        rest.get(404, "/api/v1/connections/9223372036854775807");
        rest.get(400, "/api/v1/connections/first");
        rest.get(400, "/api/v1/connections?from=-1");
        rest.get(400, "/api/v1/connections?form=1");
        rest.ask(400, "DELETE", "/api/v1/connections/1?force=true", "");
    }

    private static List<JsonNode> ofClient(String id) {
        var found = new ArrayList<JsonNode>();
        rest.get("/api/v1/connections?limit=10000").get("items").forEach(item -> {
            if (item.get("clientIds")
                    .valueStream()
                    .anyMatch(one -> one.asString().equals(id))) {
                found.add(item);
            }
        });
        return found;
    }

    private static long id(WireClient client) {
        var address = "127.0.0.1:" + client.localPort();
        return ofClient("wire").stream()
                .filter(item -> item.get("address").asString().equals(address))
                .mapToLong(item -> item.get("id").asLong())
                .findFirst()
                .orElseThrow();
    }

    private static FetchRequestData fetchOfTheEnd() {
        var partition = new FetchPartition().setPartition(0).setFetchOffset(0).setPartitionMaxBytes(1000);
        return new FetchRequestData()
                .setMaxWaitMs(60_000)
                .setMinBytes(1)
                .setSessionEpoch(-1)
                .setTopics(List.of(new FetchTopic().setTopic("empty").setPartitions(List.of(partition))));
    }

    private static ConditionFactory patiently() {
        return await().atMost(Duration.ofSeconds(30));
    }
}
