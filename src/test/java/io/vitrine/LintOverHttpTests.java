package io.vitrine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// What the rules find at a running broker: the facts are the real ones.
class LintOverHttpTests {
    @TempDir
    private Path directory;

    private RunningBroker broker;
    private Rest rest;

    @BeforeEach
    void start() {
        var settings = new HashMap<>(GroupClients.QUICK_GROUPS);
        settings.putAll(Map.of(
                "vitrine.acks.all.fsync", "false",
                "offsets.retention.minutes", "5",
                "log.retention.ms", "60000",
                "auto.create.topics.enable", "false"));
        broker = RunningBroker.in(directory, settings);
        rest = new Rest(broker);
        broker.createTopic("orders", 1, Map.of("retention.ms", "-1"));
        broker.createTopic("prices", 2);
    }

    @AfterEach
    void stop() {
        rest.close();
        broker.close();
    }

    @Test
    void settingsTopicsProducersAndGroupsAreLookedAt() throws Exception {
        produce("1");
        produce("all");
        var clients = new GroupClients(broker);
        try (var one = clients.member("billing", Map.of("client.id", "one"));
                var two = clients.member("billing", Map.of("client.id", "two"))) {
            one.subscribe(List.of("orders"));
            two.subscribe(List.of("orders"));
            // The one partition has its reader before the second member has joined.
            await().atMost(Duration.ofSeconds(30)).until(() -> {
                GroupClients.settle(GroupClients.partitions("orders", 1), List.of(one, two));
                return rest.get("/api/v1/groups/billing/members").path("items").size() == 2;
            });

            var lint = rest.get("/api/v1/lint");

            assertThat(evidence(lint, "ACKS_ALL_FROM_MEMORY", "broker"))
                    .isEqualTo("{\"vitrine.acks.all.fsync\":\"false\"}");
            assertThat(evidence(lint, "OFFSETS_FORGOTTEN_SOON", "broker"))
                    .isEqualTo("{\"offsets.retention.minutes\":\"5\"}");
            assertThat(evidence(lint, "RETENTION_UNLIMITED", "topic orders")).contains("\"retention.ms\":\"-1\"");
            // What the topic does not set comes from the broker.
            assertThat(evidence(lint, "RETENTION_SHORT", "topic prices")).isEqualTo("{\"retention.ms\":\"60000\"}");
            assertThat(evidence(lint, "ACKS_NOT_ALL", "producers"))
                    .isEqualTo("{\"acks=0\":0,\"acks=1\":1,\"acks=all\":1}");
            assertThat(evidence(lint, "MORE_MEMBERS_THAN_PARTITIONS", "group billing"))
                    .isEqualTo("{\"members\":2,\"partitions\":1}");
            assertThat(lint.toString()).doesNotContain("TOPICS_MADE_ON_DEMAND", "BEYOND_THIS_MACHINE");
        }
    }

    @Test
    void rulesThatFindNothingAreShownOnDemandAndTheWorstComesFirst() {
        var found = rest.get("/api/v1/lint").path("items");
        var all = rest.get("/api/v1/lint?all=true").path("items");

        assertThat(found.get(0).path("severity").stringValue()).isEqualTo("RISK");
        assertThat(all.size()).isGreaterThan(found.size());
        assertThat(all).allSatisfy(rule -> {
            assertThat(rule.path("onACluster").stringValue()).isNotBlank();
            assertThat(rule.path("change").stringValue()).isNotBlank();
            assertThat(rule.path("findings").size())
                    .isEqualTo(rule.path("count").intValue());
        });
        assertThat(rest.get("/api/v1/lint?limit=1").path("items"))
                .allSatisfy(rule -> assertThat(rule.path("findings").size()).isEqualTo(1));
    }

    private void produce(String acks) throws Exception {
        var settings = Map.<String, Object>of(
                "bootstrap.servers", broker.bootstrapServers(), "acks", acks, "enable.idempotence", "false");
        try (var producer = new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
            producer.send(new ProducerRecord<>("prices", "k", "v")).get();
        }
    }

    private static String evidence(JsonNode lint, String rule, String subject) {
        return StreamSupport.stream(lint.path("items").spliterator(), false)
                .filter(item -> item.path("id").stringValue().equals(rule))
                .flatMap(item -> StreamSupport.stream(item.path("findings").spliterator(), false))
                .filter(finding -> finding.path("subject").stringValue().equals(subject))
                .findFirst()
                .orElseThrow(() -> new AssertionError("%s %s is not in %s".formatted(rule, subject, lint)))
                .path("evidence")
                .toString();
    }
}
