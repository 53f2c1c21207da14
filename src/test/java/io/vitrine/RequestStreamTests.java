package io.vitrine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.vitrine.admin.EventStream;
import io.vitrine.admin.EventStream.Event;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.SaslAuthenticateRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The stream of requests as they pass, with Kafka's own clients, bare ones, and readers who do not read.
class RequestStreamTests {
    private static final String SECRET = "hunter2-hunter2";
    private static final int LAST = 999_999;

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

    @AfterEach
    void nobodyListensAnyMore() {
        await().atMost(Duration.ofSeconds(30)).until(() -> metric("kafka.rest.taps") == 0);
    }

    @Test
    void whatAProducerAsksAndIsAnsweredIsShownWithoutItsRecords() throws Exception {
        try (var stream = stream("?topic=payments&api=Produce&bodies=true");
                var producer = new KafkaProducer<>(
                        Map.<String, Object>of("bootstrap.servers", broker.bootstrapServers(), "client.id", "shop"),
                        new StringSerializer(),
                        new StringSerializer())) {
            producer.send(new ProducerRecord<>("orders", "k", "the-payload")).get();
            producer.send(new ProducerRecord<>("payments", "k", "the-payload")).get();

            var event = stream.next();

            assertThat(event.name()).isEqualTo("exchange");
            var data = event.data();
            assertThat(data.get("clientId").asString()).isEqualTo("shop");
            assertThat(data.at("/topics/0").asString()).isEqualTo("payments");
            assertThat(data.get("end").asString()).isEqualTo("ANSWERED");
            var asked = data.at("/bodies/request");
            assertThat(asked.get("acks").asInt()).isEqualTo(-1);
            assertThat(asked.at("/topicData/0/partitionData/0/recordsSizeInBytes")
                            .asInt())
                    .isGreaterThan(60);
            assertThat(data.at("/bodies/response/responses/0/partitionResponses/0/baseOffset")
                            .asInt())
                    .isZero();
            assertThat(event.toString()).doesNotContain("the-payload");
        }
    }

    @Test
    void onlyWhatMeetsTheConditionsIsShown() throws Exception {
        try (var stream = stream("?error=any&client=wire&api=Heartbeat");
                var client = new WireClient(broker.port())) {
            call(client, 1);
            client.send(
                    ApiKeys.HEARTBEAT,
                    (short) 3,
                    2,
                    new HeartbeatRequestData().setGroupId("g").setMemberId("m"));
            client.receiveFrame();

            var event = stream.next();

            assertThat(event.data().get("correlationId").asInt()).isEqualTo(2);
            assertThat(event.data().get("errorCount").asInt()).isOne();
            assertThat(event.data().has("bodies")).isFalse();
        }
    }

    @Test
    void credentialsAreNeverShown() throws Exception {
        try (var stream = stream("?bodies=true&maxBodyChars=262144")) {
            try (var client = new WireClient(broker.port())) {
                client.send(
                        ApiKeys.SASL_AUTHENTICATE,
                        (short) 2,
                        1,
                        new SaslAuthenticateRequestData().setAuthBytes(SECRET.getBytes(StandardCharsets.UTF_8)));
                assertThat(client.isClosedByBroker()).isTrue();
            }
            try (var admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
                setConfig(admin, new ConfigResource(ConfigResource.Type.BROKER, "1"), "ssl.keystore.password");
                setConfig(
                        admin, new ConfigResource(ConfigResource.Type.BROKER, ""), "listener.name.x.ssl.key.password");
                setConfig(admin, new ConfigResource(ConfigResource.Type.TOPIC, "orders"), "pasword");
                var topic = new NewTopic("with-secret", 1, (short) 1).configs(Map.of("sasl.jaas.config", SECRET));
                assertThatThrownBy(
                        () -> admin.createTopics(List.of(topic)).all().get());
                admin.describeConfigs(List.of(new ConfigResource(ConfigResource.Type.BROKER, "1")))
                        .all()
                        .get();
            }
            last();

            var events = untilLast(stream);

            assertThat(events.stream().map(event -> event.data().path("api").asString("")))
                    .contains("IncrementalAlterConfigs", "CreateTopics", "DescribeConfigs");
            assertThat(events.toString())
                    .contains("(hidden)", "ssl.keystore.password", "pasword")
                    .doesNotContain(SECRET);
        }
    }

    @Test
    void whoReadsSlowlyMissesSomeAndIsToldHowMany() throws Exception {
        int requests = 20_000;
        double before = metric("kafka.rest.taps.exchanges.dropped");
        try (var stream = stream("?bodies=true");
                var client = new WireClient(broker.port())) {
            for (int i = 0; i < requests; i++) {
                call(client, i);
            }
            call(client, LAST);

            long shown = 0;
            long dropped = 0;
            boolean last = false;
            while (!last) {
                var event = stream.next();
                if (event.name().equals("dropped")) {
                    dropped += event.data().get("exchanges").asLong();
                } else {
                    shown++;
                    last = event.data().get("correlationId").asInt() == LAST;
                }
            }

            assertThat(dropped).isPositive();
            assertThat(shown + dropped).isEqualTo(requests + 1);
            assertThat((long) (metric("kafka.rest.taps.exchanges.dropped") - before))
                    .isEqualTo(dropped);
        }
    }

    @Test
    void whoComesBackGoesOnBehindTheLastEvent() throws Exception {
        String id;
        try (var stream = stream("?client=wire");
                var client = new WireClient(broker.port())) {
            for (int i = 0; i < 10; i++) {
                call(client, i);
            }
            for (int i = 0; i < 5; i++) {
                assertThat(stream.next().data().get("correlationId").asInt()).isEqualTo(i);
            }
            id = stream.lastId();
        }
        try (var client = new WireClient(broker.port())) {
            call(client, 10);
        }

        try (var stream = resume("?client=wire", id)) {
            assertThat(stream.next().data().get("resumed").asBoolean()).isTrue();
            for (int i = 5; i <= 10; i++) {
                assertThat(stream.next().data().get("correlationId").asInt()).isEqualTo(i);
            }
        }
    }

    @Test
    void whatIsKeptComesFirstIfAskedFor() throws Exception {
        long connection;
        try (var client = new WireClient(broker.port())) {
            call(client, 31);
            call(client, 32);
            connection = rest.get("/api/v1/requests?client=wire&limit=1")
                    .at("/items/0/connection/id")
                    .asLong();
        }

        try (var stream = stream("?from=earliest&bodies=true&connection=" + connection)) {
            var first = stream.next().data();

            assertThat(first.get("correlationId").asInt()).isEqualTo(31);
            assertThat(first.at("/bodies/undecoded").asString()).contains("before somebody followed");
            assertThat(stream.next().data().get("correlationId").asInt()).isEqualTo(32);
        }
    }

    @Test
    void aStreamOfAnotherRunBeginsAnew() throws Exception {
        last();
        try (var stream = resume("?api=ApiVersions", "00000000.5.5")) {
            assertThat(stream.next().name()).isEqualTo("start");
            assertThat(untilLast(stream)).isNotEmpty();
        }
    }

    @Test
    void heartbeatsShowThatItIsAlive() throws Exception {
        try (var stream = stream("?client=nobody")) {
            stream.awaitHeartbeat();
            last();
            stream.awaitHeartbeat();

            assertThat(stream.lastId()).matches("[0-9a-f]{8}(\\.\\d+)+");
        }
    }

    @Test
    void thereAreNotTooManyStreams() throws Exception {
        var streams = new ArrayList<EventStream>();
        try {
            for (int i = 0; i < 16; i++) {
                streams.add(stream(""));
            }

            assertThatThrownBy(() -> stream("")).hasMessageContaining("503");
        } finally {
            for (var stream : streams) {
                stream.reset();
            }
            await().atMost(Duration.ofSeconds(30)).until(() -> {
                last();
                return metric("kafka.rest.taps") == 0;
            });
        }
    }

    @Test
    void conditionsThatMeanNothingAreRefused() {
        for (var bad : List.of(
                "api=Nothing",
                "error=OOPS",
                "bodies=yes",
                "maxBodyChars=0",
                "maxBodyChars=262145",
                "heartbeatMs=1",
                "from=yesterday",
                "slowerThanMs=x",
                "payloads=true",
                "client=a&client=b")) {
            assertThat(rest.get(400, "/api/v1/requests/stream?" + bad)
                            .get("status")
                            .asInt())
                    .as(bad)
                    .isEqualTo(400);
        }
        for (var id : List.of("x", "00000000.", "00000000.-1", "00000000.99999999999999999999", "0.1'--")) {
            var answer = rest.send("GET", "/api/v1/requests/stream", "", Map.of("Last-Event-ID", id));
            assertThat(answer.statusCode()).as(id).isEqualTo(400);
        }
    }

    private static EventStream stream(String query) throws IOException {
        var stream = resume(query, "");
        assertThat(stream.next().name()).isEqualTo("start");
        return stream;
    }

    /// Whoever is gone is noticed by the next write.
    private static EventStream resume(String query, String lastEventId) throws IOException {
        var path = "/api/v1/requests/stream" + (query.isEmpty() ? "?" : query + "&") + "heartbeatMs=100";
        return new EventStream(URI.create(rest.base()), path, lastEventId);
    }

    private static void call(WireClient client, int correlationId) throws IOException {
        client.send(ApiKeys.API_VERSIONS, (short) 0, correlationId, new ApiVersionsRequestData());
        client.receiveFrame();
    }

    private static void last() throws IOException {
        try (var client = new WireClient(broker.port())) {
            call(client, LAST);
        }
    }

    private static List<Event> untilLast(EventStream stream) throws IOException {
        var events = new ArrayList<Event>();
        do {
            events.add(stream.next());
        } while (events.getLast().data().path("correlationId").asInt(0) != LAST);
        return events;
    }

    private static void setConfig(Admin admin, ConfigResource resource, String name) {
        var change = new AlterConfigOp(new ConfigEntry(name, SECRET), AlterConfigOp.OpType.SET);
        try {
            admin.incrementalAlterConfigs(Map.of(resource, List.of(change)))
                    .all()
                    .get();
        } catch (Exception e) {
            // Whether it is taken or refused does not matter here.
            assertThat(e.getCause()).isNotNull();
        }
    }

    private static double metric(String name) {
        return rest.meter(name);
    }
}
