package io.vitrine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.admin.Admin;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// Topics changed over REST, with Kafka's clients beside.
@TestInstance(Lifecycle.PER_CLASS)
class TopicChangesOverHttpTests {
    private static final String TOPICS = "/api/v1/topics";

    @TempDir
    static Path directory;

    private RunningBroker broker;
    private GroupClients clients;
    private Rest rest;
    private Admin admin;

    @BeforeAll
    void start() {
        var settings = new HashMap<>(GroupClients.QUICK_GROUPS);
        settings.put("auto.create.topics.enable", "false");
        settings.put("num.partitions", "2");
        broker = RunningBroker.in(directory, settings);
        clients = new GroupClients(broker);
        rest = new Rest(broker);
        admin = clients.admin();
        broker.createTopic("taken", 1);
    }

    @AfterAll
    void stop() {
        admin.close();
        rest.close();
        broker.close();
    }

    @Test
    void aConsumerReadsWhatIsWrittenToATopicThatRestHasMade() {
        var answer = rest.send(
                "POST",
                TOPICS,
                "{\"name\":\"made\",\"partitions\":3,\"configs\":{\"retention.ms\":60000,\"cleanup.policy\":\"delete\"}}",
                Map.of("Content-Type", "application/json"));
        clients.produce("made", 3, 2);

        assertThat(answer.statusCode()).isEqualTo(201);
        assertThat(answer.headers().firstValue("Location")).contains("/api/v1/topics/made");
        var made = rest.get("/api/v1/topics/made");
        assertThat(answer.body()).contains(made.path("topicId").stringValue());
        assertThat(made.path("configs").toString())
                .isEqualTo("{\"cleanup.policy\":\"delete\",\"retention.ms\":\"60000\"}");
        try (var consumer = clients.member("readers-of-made", Map.of())) {
            consumer.subscribe(List.of("made"));
            assertThat(GroupClients.poll(consumer, 6)).hasSize(6);
        }
    }

    @Test
    void aTopicWithoutACountGetsTheBrokersOwn() {
        var made = rest.ask(201, "POST", TOPICS, "{\"name\":\"default-count\",\"partitions\":null}");

        assertThat(made.path("partitions").intValue()).isEqualTo(2);
        assertThat(made.path("replicationFactor").intValue()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"3", "3.0", "3e0", "0.3E+1", "30e-1"})
    void aWholeNumberIsOneHoweverJsonWritesIt(String number) {
        var body = "{\"name\":\"valid\",\"partitions\":%s,\"configs\":{\"retention.ms\":%s}}".formatted(number, number);

        var valid = rest.ask(200, "POST", TOPICS + "?validateOnly=true", body);

        assertThat(valid.path("partitions").intValue()).isEqualTo(3);
        assertThat(valid.path("configs").toString()).isEqualTo("{\"retention.ms\":\"3\"}");
    }

    @Test
    void whatIsOnlyValidatedIsNotDone() throws Exception {
        broker.createTopic("validated", 1);
        var created = rest.ask(200, "POST", TOPICS + "?validateOnly=true", "{\"name\":\"not-made\",\"partitions\":4}");
        var again = rest.ask(200, "POST", TOPICS, "{\"name\":\"not-made\",\"partitions\":4,\"validateOnly\":true}");
        var grown = rest.ask(200, "PATCH", TOPICS + "/validated?validateOnly=true", "{\"partitions\":5}");
        var deleted = rest.ask(200, "DELETE", TOPICS + "/validated?validateOnly=true", "");

        assertThat(again).isEqualTo(created);
        assertThat(created.toString())
                .isEqualTo("{\"name\":\"not-made\",\"partitions\":4,\"replicationFactor\":1,\"configs\":{},"
                        + "\"validateOnly\":true}");
        assertThat(grown.path("partitions").intValue()).isEqualTo(5);
        assertThat(deleted.path("validateOnly").booleanValue()).isTrue();
        rest.get(404, TOPICS + "/not-made");
        var described =
                admin.describeTopics(List.of("validated")).allTopicNames().get();
        assertThat(Objects.requireNonNull(described.get("validated")).partitions())
                .hasSize(1);
    }

    @Test
    void aProducerWritesToPartitionsThatRestHasAdded() {
        broker.createTopic("growing", 1);

        var grown = rest.ask(200, "PATCH", TOPICS + "/growing", "{\"partitions\":3}");
        clients.produce("growing", 3, 1);

        assertThat(grown.path("partitions").intValue()).isEqualTo(3);
        assertThat(rest.get("/api/v1/topics/growing/partitions/2")
                        .path("highWatermark")
                        .intValue())
                .isEqualTo(1);
        var shrunk = rest.ask(400, "PATCH", TOPICS + "/growing", "{\"partitions\":2}");
        assertThat(shrunk.path("errorName").stringValue()).isEqualTo("INVALID_PARTITIONS");
        assertThat(shrunk.path("violations").get(0).path("parameter").stringValue())
                .isEqualTo("partitions");
    }

    @Test
    void aTopicThatRestHasDeletedIsGoneForClients() throws Exception {
        broker.createTopic("doomed", 2);
        clients.produce("doomed", 2, 1);

        rest.ask(204, "DELETE", TOPICS + "/doomed", "");

        assertThat(admin.listTopics().names().get()).doesNotContain("doomed");
        var problem = rest.ask(404, "DELETE", TOPICS + "/doomed", "");
        assertThat(problem.path("errorName").stringValue()).isEqualTo("UNKNOWN_TOPIC_OR_PARTITION");
        var made = rest.ask(201, "POST", TOPICS, "{\"name\":\"doomed\",\"partitions\":1}");
        assertThat(made.path("partitions").intValue()).isEqualTo(1);
        assertThat(rest.get("/api/v1/topics/doomed/records").path("items")).isEmpty();
    }

    @Test
    void whatIsLeftOfADeletedTopicWaitsToBeRemoved() {
        broker.createTopic("left-over", 3, Map.of("file.delete.delay.ms", "60000"));
        broker.createTopic("soon-gone", 2, Map.of("file.delete.delay.ms", "0"));
        var before = rest.get("/api/v1/log-dirs").path("removed");

        rest.ask(204, "DELETE", TOPICS + "/left-over", "");
        rest.ask(204, "DELETE", TOPICS + "/soon-gone", "");

        var after = rest.get("/api/v1/log-dirs");
        int removed = after.path("removed").path("partitions").intValue()
                - before.path("partitions").intValue();
        assertThat(removed).isEqualTo(5);
        assertThat(after.path("removed").path("strays")).isEmpty();
        assertThat(after.path("items").get(0).path("partitions").findValuesAsString("topic"))
                .doesNotContain("left-over", "soon-gone");
        Awaitility.await().untilAsserted(() -> {
            assertThat(directory.toFile().list())
                    .noneMatch(name -> name.startsWith("soon-gone"))
                    .filteredOn(name -> name.startsWith("left-over"))
                    .hasSize(3)
                    .allMatch(name -> name.endsWith("-delete"));
            assertThat(rest.get("/api/v1/log-dirs")
                            .path("removed")
                            .path("awaitingRemoval")
                            .intValue())
                    .isGreaterThanOrEqualTo(3);
        });
    }

    @Test
    void configsAreSetResetAndAppendedToForClientsToSee() throws Exception {
        broker.createTopic("configured", 1, Map.of("cleanup.policy", "delete"));
        var path = TOPICS + "/configured/configs";

        var dry = rest.ask(200, "PATCH", path + "?validateOnly=true", "{\"set\":{\"retention.ms\":5000}}");
        var before = rest.get(TOPICS + "/configured").path("configs");
        rest.ask(200, "PATCH", path, "{\"set\":{\"retention.ms\":5000},\"append\":{\"cleanup.policy\":\"compact\"}}");
        var resource = new org.apache.kafka.common.config.ConfigResource(
                org.apache.kafka.common.config.ConfigResource.Type.TOPIC, "configured");
        var seen = Objects.requireNonNull(
                admin.describeConfigs(List.of(resource)).all().get().get(resource));
        var reset = rest.ask(200, "PATCH", path, "{\"reset\":[\"retention.ms\",\"cleanup.policy\"]}");

        assertThat(dry.path("validateOnly").booleanValue()).isTrue();
        assertThat(before.has("retention.ms")).isFalse();
        assertThat(seen.get("retention.ms").value()).isEqualTo("5000");
        assertThat(seen.get("cleanup.policy").value()).isEqualTo("delete,compact");
        assertThat(reset.path("configs")).isEmpty();
        assertThat(rest.ask(400, "PATCH", path, "{\"set\":{\"retention.ms\":\"long\"}}")
                        .path("errorName")
                        .stringValue())
                .isEqualTo("INVALID_CONFIG");
        rest.ask(400, "PATCH", path, "{}");
        rest.ask(400, "PATCH", path, "{\"sets\":{}}");
        rest.ask(400, "PATCH", path, "{\"reset\":[7]}");
        rest.ask(404, "PATCH", TOPICS + "/missing/configs", "{\"reset\":[\"retention.ms\"]}");
        rest.ask(200, "PATCH", "/api/v1/brokers/1/configs?validateOnly=true", "{\"set\":{\"log.retention.ms\":5000}}");
        rest.ask(200, "PATCH", "/api/v1/groups/a%2Fb/configs", "{\"set\":{\"consumer.session.timeout.ms\":45000}}");
    }

    @Test
    void recordsThatRestHasDeletedAreGoneForConsumers() {
        broker.createTopic("cut", 1);
        broker.createTopic("compacted", 1, Map.of("cleanup.policy", "compact"));
        clients.produce("cut", 1, 10);
        var path = TOPICS + "/cut/partitions/0/records";

        var dry = rest.ask(200, "DELETE", path + "?before=4&validateOnly=true", "");
        var kept = rest.get(TOPICS + "/cut/partitions/0").path("logStartOffset").intValue();
        var deleted = rest.ask(200, "DELETE", path + "?before=4", "");

        assertThat(kept).isZero();
        assertThat(dry.path("logStartOffset")).isEqualTo(deleted.path("logStartOffset"));
        assertThat(deleted.toString()).isEqualTo("{\"topic\":\"cut\",\"partition\":0,\"logStartOffset\":4}");
        try (var consumer = clients.member("readers-of-cut", Map.of())) {
            consumer.subscribe(List.of("cut"));
            assertThat(GroupClients.poll(consumer, 6).getFirst().offset()).isEqualTo(4);
        }
        rest.ask(416, "DELETE", path + "?before=11", "");
        rest.ask(400, "DELETE", path, "");
        rest.ask(400, "DELETE", path + "?before=-1", "");
        rest.ask(400, "DELETE", path + "?before=end", "");
        rest.ask(404, "DELETE", TOPICS + "/cut/partitions/1/records?before=1", "");
        rest.ask(400, "DELETE", TOPICS + "/__consumer_offsets/partitions/0/records?before=latest", "");
        var refused = rest.ask(400, "DELETE", TOPICS + "/compacted/partitions/0/records?before=0", "");
        assertThat(refused.path("errorName").stringValue()).isEqualTo("POLICY_VIOLATION");
        broker.createTopic("kept", 1, Map.of("cleanup.policy", ""));
        rest.ask(200, "DELETE", TOPICS + "/kept/partitions/0/records?before=latest", "");
        assertThat(rest.ask(200, "DELETE", path + "?before=latest", "")
                        .path("logStartOffset")
                        .intValue())
                .isEqualTo(10);
        assertThat(rest.ask(200, "DELETE", path + "?before=2", "")
                        .path("logStartOffset")
                        .intValue())
                .isEqualTo(10);
    }

    @Test
    void whatTheCoordinatorsMakeIsNotMadeFromHere() throws Exception {
        rest.ask(400, "POST", TOPICS, "{\"name\":\"__share_group_state\"}");

        rest.get(404, TOPICS + "/__share_group_state");
    }

    @ParameterizedTest
    @CsvSource({"DELETE, ''", "PATCH, '{\"partitions\":60}'"})
    void internalTopicsAreNotChangedFromHere(String method, String body) {
        for (var name : List.of("__consumer_offsets", "__cluster_metadata")) {
            var problem = rest.ask(400, method, TOPICS + "/" + name, body);

            assertThat(problem.path("errorName").stringValue()).isEqualTo("INVALID_TOPIC_EXCEPTION");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"name\":\"taken\"} | 409 | TOPIC_ALREADY_EXISTS | ''",
                "{\"name\":\"a b\"} | 400 | INVALID_TOPIC_EXCEPTION | name",
                "{\"name\":\"../../etc\"} | 400 | INVALID_TOPIC_EXCEPTION | name",
                "{\"name\":\"__cluster_metadata\"} | 400 | INVALID_REQUEST | name",
                "{\"name\":\"bad\",\"partitions\":0} | 400 | INVALID_PARTITIONS | partitions",
                "{\"name\":\"bad\",\"partitions\":2147483647} | 400 | POLICY_VIOLATION | partitions",
                "{\"name\":\"bad\",\"replicationFactor\":3} | 400 | INVALID_REPLICATION_FACTOR | replicationFactor",
                "{\"name\":\"bad\",\"configs\":{\"retention.ms\":null}} | 400 | INVALID_CONFIG | configs",
                "{} | 400 | INVALID_REQUEST | name",
                "{\"name\":7} | 400 | INVALID_REQUEST | name",
                "{\"name\":\"bad\",\"partitions\":\"3\"} | 400 | INVALID_REQUEST | partitions",
                "{\"name\":\"bad\",\"partitions\":1.5} | 400 | INVALID_REQUEST | partitions",
                "{\"name\":\"bad\",\"partitions\":2147483648} | 400 | INVALID_REQUEST | partitions",
                "{\"name\":\"bad\",\"partitions\":1e999999999} | 400 | INVALID_REQUEST | partitions",
                "{\"name\":\"bad\",\"partition\":3} | 400 | INVALID_REQUEST | partition",
                "{\"name\":\"bad\",\"configs\":[]} | 400 | INVALID_REQUEST | configs",
                "{\"name\":\"bad\",\"configs\":{\"retention.ms\":{}}} | 400 | INVALID_REQUEST | configs.retention.ms",
                "{\"name\":\"bad\",\"configs\":{\"a\":1e999999999}} | 400 | INVALID_REQUEST | configs.a",
                "{\"name\":\"bad\",\"validateOnly\":\"yes\"} | 400 | INVALID_REQUEST | validateOnly"
            })
    void aWishThatCantBeFulfilledIsRefusedWithTheFieldAtFault(String body, int status, String error, String field) {
        var problem = rest.ask(status, "POST", TOPICS, body);

        assertThat(problem.path("errorName").stringValue()).isEqualTo(error);
        assertThat(problem.path("violations").findValuesAsString("parameter").toString())
                .isEqualTo(field.isEmpty() ? "[]" : "[" + field + "]");
        rest.get(404, TOPICS + "/bad");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "\"bad\"",
                "{\"name\":\"bad\"",
                "{\"name\":\"bad\"} {}",
                "{\"name\":\"bad\",\"name\":\"worse\"}",
                "{\"name\":\"bad\",\"configs\":{\"a\":\"1\",\"a\":\"2\"}}",
                "{name:\"bad\"}",
                "{\"name\":\"bad\",\"partitions\":NaN}"
            })
    void aBodyThatIsNoObjectIsRefused(String body) {
        assertThat(rest.ask(400, "POST", TOPICS, body).path("title").stringValue())
                .isEqualTo("Bad body");
        rest.get(404, TOPICS + "/bad");
    }

    @Test
    void deepLongAndForeignBodiesAreRefused() throws Exception {
        var deep = "{\"name\":\"bad\",\"configs\":" + "[".repeat(100_000) + "]".repeat(100_000) + "}";
        var digits = "{\"name\":\"bad\",\"partitions\":" + "9".repeat(100_000) + "}";
        var large = "{\"name\":\"bad\",\"configs\":{\"a\":\"" + "x".repeat(10_000_000) + "\"}}";

        rest.ask(400, "POST", TOPICS, deep);
        rest.ask(400, "POST", TOPICS, digits);
        rest.ask(413, "POST", TOPICS, large);
        assertThat(post("text/plain", "{\"name\":\"bad\"}".getBytes(StandardCharsets.UTF_8)))
                .startsWith("HTTP/1.1 415");
        assertThat(post("application/json;charset=utf-16", "{\"name\":\"bad\"}".getBytes(StandardCharsets.UTF_16)))
                .startsWith("HTTP/1.1 400");
        assertThat(post("application/json", "{\"name\":\"bad\"}".getBytes(StandardCharsets.UTF_16LE)))
                .startsWith("HTTP/1.1 400");
        assertThat(post("application/json", "{\"name\":\"b\u00e4d\"}".getBytes(StandardCharsets.ISO_8859_1)))
                .startsWith("HTTP/1.1 400");
        rest.get(404, TOPICS + "/bad");
    }

    @ParameterizedTest
    @CsvSource({"POST, ''", "PATCH, /taken", "DELETE, /taken"})
    void neitherAPageFromElsewhereNorAReboundNameChangesAnything(String method, String path) throws IOException {
        var body = method.equals("PATCH") ? "{\"partitions\":9}" : "{\"name\":\"bad\"}";
        var own = "Host: 127.0.0.1:%d".formatted(port());

        for (var headers : List.of(
                own + "\r\nOrigin: http://elsewhere.example",
                own + "\r\nOrigin: null",
                own + "\r\nSec-Fetch-Site: cross-site",
                own + "\r\nSec-Fetch-Site: same-site",
                "Host: rebound.example:%d\r\nOrigin: http://rebound.example:%d".formatted(port(), port()))) {
            var answer =
                    exchange(method, TOPICS + path, headers, "application/json", body.getBytes(StandardCharsets.UTF_8));

            assertThat(answer).as(headers).startsWith("HTTP/1.1 403");
        }
        rest.get(404, TOPICS + "/bad");
        assertThat(rest.get(TOPICS + "/taken").path("partitions").intValue()).isEqualTo(1);
    }

    @Test
    void unknownParametersAndMethodsAreRefused() {
        rest.ask(400, "POST", TOPICS + "?validateonly=true", "{\"name\":\"bad\"}");
        rest.ask(400, "DELETE", TOPICS + "/taken?validateOnly=yes", "");
        rest.ask(400, "DELETE", TOPICS + "/no%20name", "");
        rest.ask(404, "PATCH", TOPICS + "/missing", "{\"partitions\":2}");
        rest.ask(400, "PATCH", TOPICS + "/taken", "{}");
        rest.ask(405, "PUT", TOPICS + "/taken", "{\"partitions\":2}");

        JsonNode taken = rest.get(TOPICS + "/taken");
        assertThat(taken.path("partitions").intValue()).isEqualTo(1);
    }

    private int port() {
        return URI.create(rest.base()).getPort();
    }

    private String post(String contentType, byte[] body) throws IOException {
        return exchange("POST", TOPICS, "Host: 127.0.0.1:%d".formatted(port()), contentType, body);
    }

    /// Java's own client allows neither every header nor every body.
    private String exchange(String method, String path, String headers, String contentType, byte[] body)
            throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port())) {
            socket.getOutputStream().write("""
                    %s %s HTTP/1.1\r
                    %s\r
                    Content-Type: %s\r
                    Content-Length: %d\r
                    Connection: close\r
                    \r
                    """.formatted(method, path, headers, contentType, body.length)
                    .getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().write(body);
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
