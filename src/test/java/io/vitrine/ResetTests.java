package io.vitrine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A broker that is emptied under the hands of its clients.
class ResetTests extends TestControlsScenario {
    @Override
    Map<String, String> more() {
        return Map.of(
                // Clients that stay connected would be quicker than the test.
                "auto.create.topics.enable", "false",
                "group.share.min.heartbeat.interval.ms", "100",
                "group.share.heartbeat.interval.ms", "100",
                "group.share.assignment.interval.ms", "0",
                "share.coordinator.state.topic.num.partitions", "2");
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

    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void clientsThatStayConnectedGoOnWithWhatIsMadeAnew(String protocol) throws Exception {
        broker.createTopic("orders", 2);
        var settings = Map.of("metadata.max.age.ms", "500", "group.protocol", protocol);
        try (var producer = producer();
                var member = clients.member("readers", settings)) {
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
    void transactionalIdsBeginAnewToo() throws Exception {
        var transactions = new TransactionClients(broker.bootstrapServers());
        for (int round = 0; round < 2; round++) {
            broker.createTopic("orders", 1);
            try (var producer = transactions.producer("t")) {
                producer.initTransactions();
                producer.beginTransaction();
                TransactionClients.send(producer, "orders", 0, "round " + round);
                producer.commitTransaction();
                producer.beginTransaction();
                TransactionClients.send(producer, "orders", 0, "open");

                rest.ask(200, "POST", "/api/v1/test/reset", "");

                assertThat(rest.get("/api/v1/transactions").path("items")).isEmpty();
            }
        }
        broker.createTopic("orders", 1);
        assertThat(transactions.committed("orders", 0)).isEmpty();
    }

    @Test
    void aShareGroupBeginsAnewWithWhatIsMadeAnew() throws Exception {
        broker.createTopic("jobs", 1);
        try (var member = shareMember()) {
            awaitStart(member, 0);
            clients.produce("jobs", 1, 5);
            assertThat(poll(member, 5)).hasSize(5);
            member.commitSync();
            awaitStart(member, 5);
        }

        var reset = rest.ask(200, "POST", "/api/v1/test/reset", "");

        assertThat(reset.path("topics").intValue()).isEqualTo(3);
        rest.get(404, "/api/v1/share-groups/workers");
        try (var admin = clients.admin()) {
            assertThat(admin.listGroups().all().get()).isEmpty();
            var all = new ListTopicsOptions().listInternal(true);
            assertThat(admin.listTopics(all).names().get()).isEmpty();
        }
        broker.createTopic("jobs", 1);
        try (var member = shareMember()) {
            awaitStart(member, 0);
            clients.produce("jobs", 1, 2);
            assertThat(poll(member, 2))
                    .extracting(record ->
                            record.offset() + ", " + record.deliveryCount().orElse((short) 0))
                    .containsExactly("0, 1", "1, 1");
        }
    }

    @Test
    void aMemberOfAShareGroupThatStaysConnectedGoesOn() {
        broker.createTopic("jobs", 1);
        try (var member = shareMember()) {
            awaitStart(member, 0);
            clients.produce("jobs", 1, 5);
            assertThat(poll(member, 5)).hasSize(5);
            member.commitSync();
            awaitStart(member, 5);

            rest.ask(200, "POST", "/api/v1/test/reset", "");

            broker.createTopic("jobs", 1);
            awaitStart(member, 0);
            clients.produce("jobs", 1, 2);
            assertThat(poll(member, 2)).extracting(ConsumerRecord::offset).containsExactly(0L, 1L);
        }
    }

    private KafkaShareConsumer<String, String> shareMember() {
        var settings = Map.<String, Object>of(
                "bootstrap.servers", broker.bootstrapServers(), "group.id", "workers", "metadata.max.age.ms", "500");
        var member = new KafkaShareConsumer<>(settings, new StringDeserializer(), new StringDeserializer());
        member.subscribe(List.of("jobs"));
        return member;
    }

    /// Waits until the one partition of the group starts there.
    private void awaitStart(KafkaShareConsumer<String, String> member, long offset) {
        Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> {
            member.poll(Duration.ofMillis(20));
            var views = broker.broker().shares().views("workers");
            return views.size() == 1 && views.getFirst().startOffset() == offset;
        });
    }

    private static List<ConsumerRecord<String, String>> poll(KafkaShareConsumer<String, String> member, int count) {
        var records = new ArrayList<ConsumerRecord<String, String>>();
        Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> {
            member.poll(Duration.ofMillis(20)).forEach(records::add);
            return records.size() >= count;
        });
        return records;
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
}
