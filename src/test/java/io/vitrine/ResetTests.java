package io.vitrine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A broker that is emptied under the hands of its clients.
class ResetTests {
    @TempDir
    Path directory;

    private RunningBroker broker;
    private GroupClients clients;
    private Rest rest;

    @BeforeEach
    void start() {
        broker = RunningBroker.in(directory, settings());
        clients = new GroupClients(broker);
        rest = new Rest(broker);
    }

    @AfterEach
    void stop() {
        rest.close();
        broker.close();
    }

    static Map<String, String> settings() {
        var settings = new HashMap<>(GroupClients.QUICK_GROUPS);
        settings.put("vitrine.test-controls", "true");
        return settings;
    }

    @Test
    void nothingIsLeftOfTopicsGroupsAndTimelines() throws Exception {
        broker.createTopic("orders", 3, Map.of("retention.ms", "1000000000"));
        clients.produce("orders", 3, 10);
        try (var member = clients.member("readers", Map.of())) {
            member.subscribe(List.of("orders"));
            GroupClients.poll(member, 30);
            member.commitSync();
        }
        var clusterId = rest.get("/api/v1/cluster").path("clusterId");
        rest.get(404, "/api/v1/topics/none");

        long start = System.nanoTime();
        var reset = rest.ask(200, "POST", "/api/v1/test/reset", "");
        var took = Duration.ofNanos(System.nanoTime() - start);

        assertThat(reset.path("topics").intValue()).isEqualTo(2);
        assertThat(took).isLessThan(Duration.ofSeconds(5));
        assertThat(rest.get("/api/v1/topics").path("items").findValuesAsString("name"))
                .containsExactly("__cluster_metadata");
        assertThat(rest.get("/api/v1/groups").path("items")).isEmpty();
        rest.get(404, "/api/v1/groups/readers/timeline");
        assertThat(rest.get("/api/v1/cluster").path("clusterId")).isEqualTo(clusterId);
        try (var admin = clients.admin()) {
            assertThat(admin.listTopics().names().get()).isEmpty();
            assertThat(admin.listGroups().all().get()).isEmpty();
        }
        broker.createTopic("orders", 1);
        assertThat(rest.get("/api/v1/topics/orders").path("configs")).isEmpty();
        assertThat(rest.get("/api/v1/topics/orders/records").path("items")).isEmpty();
    }

    @Test
    void clientsThatStayConnectedGoOnWithWhatIsMadeAnew() throws Exception {
        broker.createTopic("orders", 2);
        try (var producer = producer();
                var member = clients.member("readers", Map.of("metadata.max.age.ms", "500"))) {
            member.subscribe(List.of("orders"));
            for (int round = 0; round < 3; round++) {
                int of = round;
                var sent = new ArrayList<String>();
                for (int i = 0; i < 10; i++) {
                    sent.add("round %d record %d".formatted(of, i));
                }
                for (var value : sent) {
                    producer.send(new ProducerRecord<>("orders", value)).get();
                }
                var read = new ArrayList<String>();
                Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> {
                    member.poll(Duration.ofMillis(50)).forEach(record -> read.add(record.value()));
                    return read.size() >= sent.size();
                });
                member.commitSync();
                assertThat(read).containsExactlyInAnyOrderElementsOf(sent);

                rest.ask(200, "POST", "/api/v1/test/reset", "");
                broker.createTopic("orders", 2);
            }
        }
        assertThat(clients.committed("readers")).isEmpty();
    }

    @Test
    void aRestartFindsNothingOfWhatWasThere() {
        broker.createTopic("orders", 2);
        clients.produce("orders", 2, 5);
        rest.ask(200, "POST", "/api/v1/test/reset", "");
        rest.close();
        broker.close();

        start();

        assertThat(broker.broker().metadata().image().topics()).isEmpty();
        assertThat(broker.broker().partitions().partitions()).isEmpty();
        assertThat(directory.resolve("orders-0")).doesNotExist();
    }

    private KafkaProducer<String, String> producer() {
        return new KafkaProducer<>(
                Map.<String, Object>of(
                        "bootstrap.servers", broker.bootstrapServers(), "linger.ms", "0", "retry.backoff.ms", "20"),
                new StringSerializer(),
                new StringSerializer());
    }
}
