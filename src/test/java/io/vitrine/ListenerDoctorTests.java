package io.vitrine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.message.ListOffsetsRequestData;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Whether it is noticed that clients are sent where they can't go.
class ListenerDoctorTests {
    private static final String DOCTOR = "/api/v1/listener-doctor?afterMs=0";

    @TempDir
    Path directory;

    @Test
    void aClientThatIsSentWhereNothingIsShowsUpWithAHint() {
        // Nobody listens at this port of this machine.
        try (var broker = RunningBroker.in(directory, Map.of("advertised.listeners", "PLAINTEXT://127.0.0.1:1"));
                var rest = new Rest(broker)) {
            broker.createTopic("orders", 1);
            try (var producer = producer(broker, "lost", 3000)) {
                assertThatThrownBy(() -> producer.send(new ProducerRecord<>("orders", "k", "v"))
                                .get())
                        .isInstanceOf(ExecutionException.class);
            }

            await().atMost(Duration.ofSeconds(30))
                    .until(() -> rest.get(DOCTOR).get("items").size() == 1);
            var lost = rest.get(DOCTOR).get("items").get(0);
            assertThat(lost.get("clientId").stringValue()).isEqualTo("lost");
            assertThat(lost.get("host").stringValue()).isEqualTo("127.0.0.1");
            assertThat(lost.get("told").stringValue()).isEqualTo("127.0.0.1:1");
            assertThat(lost.get("cameTo").stringValue()).isEqualTo("localhost:" + broker.port());
            assertThat(lost.get("hint").stringValue()).contains("can't resolve or reach");
            assertThat(lost.get("whatToDo").stringValue())
                    .contains("advertised.listeners=PLAINTEXT://localhost:" + broker.port());
            var listener = rest.get(DOCTOR).get("listeners").get(0);
            assertThat(listener.get("advertised").stringValue()).isEqualTo("127.0.0.1:1");
            assertThat(listener.get("reachedAt").get(0).get("connections").intValue())
                    .isPositive();
        }
    }

    @Test
    void clientsThatWorkShowUpNowhere() throws Exception {
        try (var broker = RunningBroker.in(directory, Map.of());
                var rest = new Rest(broker)) {
            broker.createTopic("orders", 1);

            try (var producer = producer(broker, "found", 60_000)) {
                producer.send(new ProducerRecord<>("orders", "k", "v")).get();

                assertThat(rest.get(DOCTOR).get("items")).isEmpty();
            }

            assertThat(rest.get(DOCTOR).get("items")).isEmpty();
        }
    }

    @Test
    void whoComesBackIsNoLongerLost() throws Exception {
        try (var broker =
                        RunningBroker.in(directory, Map.of("advertised.listeners", "PLAINTEXT://kafka.invalid:9092"));
                var rest = new Rest(broker)) {
            try (var client = new WireClient(broker.port())) {
                client.call(ApiKeys.METADATA, 9, new MetadataRequestData());
                client.call(ApiKeys.METADATA, 9, new MetadataRequestData());

                var lint = finding(rest.get("/api/v1/listener-doctor?afterMs=0"));
                assertThat(lint.get("metadataRequests").intValue()).isEqualTo(2);
                assertThat(lint.get("openConnections").intValue()).isEqualTo(1);

                client.call(ApiKeys.LIST_OFFSETS, 1, new ListOffsetsRequestData());
                assertThat(rest.get(DOCTOR).get("items")).isEmpty();
            }
        }
    }

    @Test
    void patienceIsAWholeNumber() {
        try (var broker = RunningBroker.in(directory, Map.of());
                var rest = new Rest(broker)) {
            var problem = rest.get(400, "/api/v1/listener-doctor?afterMs=soon");

            assertThat(problem.get("violations").findValuesAsString("parameter"))
                    .containsExactly("afterMs");
        }
    }

    private static JsonNode finding(JsonNode doctor) {
        assertThat(doctor.get("items")).hasSize(1);
        return doctor.get("items").get(0);
    }

    private static KafkaProducer<String, String> producer(RunningBroker broker, String clientId, int patienceMs) {
        return new KafkaProducer<>(
                Map.<String, Object>of(
                        "bootstrap.servers",
                        broker.bootstrapServers(),
                        "client.id",
                        clientId,
                        "max.block.ms",
                        patienceMs,
                        "request.timeout.ms",
                        1000,
                        "delivery.timeout.ms",
                        patienceMs),
                new StringSerializer(),
                new StringSerializer());
    }
}
