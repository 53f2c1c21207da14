package io.vitrine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.StreamSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// What REST shows of configs is what Kafka's admin client is told, and a little more.
class ConfigsOverHttpTests {
    @TempDir
    private static Path directory;

    private static RunningBroker broker;
    private static Rest rest;
    private static Admin admin;

    @BeforeAll
    static void start() throws Exception {
        broker = RunningBroker.in(directory, Map.of("log.retention.hours", "2"));
        broker.createTopic("orders", 1, Map.of("cleanup.policy", "compact"));
        rest = new Rest(broker);
        admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()));
        Map<ConfigResource, Collection<AlterConfigOp>> changes = Map.of(
                new ConfigResource(ConfigResource.Type.BROKER, ""), set("message.max.bytes", "5000"),
                new ConfigResource(ConfigResource.Type.GROUP, "a/b"), set("consumer.session.timeout.ms", "50000"));
        admin.incrementalAlterConfigs(changes).all().get();
    }

    @AfterAll
    static void stop() {
        admin.close();
        rest.close();
        broker.close();
    }

    @Test
    void everyConfigOfATopicIsShownWithItsOrigin() throws Exception {
        var topic = new ConfigResource(ConfigResource.Type.TOPIC, "orders");
        var told = Objects.requireNonNull(
                        admin.describeConfigs(List.of(topic)).all().get().get(topic))
                .entries();

        var shown = rest.get("/api/v1/topics/orders/configs").path("items");

        assertThat(names(shown))
                .containsExactlyInAnyOrderElementsOf(
                        told.stream().map(ConfigEntry::name).toList());
        assertThat(line(shown, "cleanup.policy")).isEqualTo("compact DYNAMIC_TOPIC_CONFIG LIST default delete");
        assertThat(line(shown, "max.message.bytes"))
                .isEqualTo("5000 DYNAMIC_DEFAULT_BROKER_CONFIG INT default 1048588");
        assertThat(line(shown, "retention.ms")).isEqualTo("7200000 STATIC_BROKER_CONFIG LONG default 604800000");
        assertThat(line(shown, "flush.ms")).startsWith("9223372036854775807 DEFAULT_CONFIG LONG");
    }

    @Test
    void documentationIsShownOnDemandAndDefaultsLeftOut() {
        var all = rest.get("/api/v1/brokers/1/configs").path("items");
        var set = rest.get("/api/v1/brokers/1/configs?set=true&documentation=true")
                .path("items");

        assertThat(all.size()).isGreaterThan(300);
        assertThat(all.get(0).has("documentation")).isFalse();
        assertThat(names(set))
                .contains("log.retention.hours", "message.max.bytes")
                .doesNotContain("num.partitions");
        assertThat(find(set, "log.retention.hours").path("documentation").stringValue())
                .contains("number of hours");
    }

    @Test
    void whatIsSetForAllBrokersHasANameOfItsOwn() {
        assertThat(names(rest.get("/api/v1/brokers/default/configs").path("items")))
                .contains("message.max.bytes")
                .doesNotContain("log.retention.hours");
    }

    @Test
    void aGroupHasWhatIsSetForItAndElseWhatTheBrokerHas() {
        var shown = rest.get("/api/v1/groups/a%2Fb/configs").path("items");

        assertThat(line(shown, "consumer.session.timeout.ms"))
                .isEqualTo("50000 DYNAMIC_GROUP_CONFIG INT default 45000");
        assertThat(line(shown, "consumer.heartbeat.interval.ms")).startsWith("5000 DEFAULT_CONFIG");
    }

    @Test
    void whatThereIsNotIsNotFound() {
        assertThat(rest.get(404, "/api/v1/topics/nope/configs")
                        .path("errorName")
                        .stringValue())
                .isEqualTo("UNKNOWN_TOPIC_OR_PARTITION");
        assertThat(rest.get(404, "/api/v1/brokers/7/configs").path("errorName").stringValue())
                .isEqualTo("BROKER_ID_NOT_REGISTERED");
        rest.get(400, "/api/v1/brokers/1/configs?documentation=perhaps");
    }

    private static Collection<AlterConfigOp> set(String name, String value) {
        return List.of(new AlterConfigOp(new ConfigEntry(name, value), OpType.SET));
    }

    private static List<String> names(JsonNode items) {
        return StreamSupport.stream(items.spliterator(), false)
                .map(item -> item.path("name").stringValue())
                .toList();
    }

    private static String line(JsonNode items, String name) {
        var item = find(items, name);
        return "%s %s %s default %s"
                .formatted(
                        item.path("value").stringValue(),
                        item.path("origin").stringValue(),
                        item.path("type").stringValue(),
                        item.path("defaultValue").stringValue());
    }

    private static JsonNode find(JsonNode items, String name) {
        return StreamSupport.stream(items.spliterator(), false)
                .filter(item -> item.path("name").stringValue().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
